"""What `clnet-bench compare` does: two files, or two bundles."""

from pathlib import Path

from ...runtime.backends import BackendName, RunPrecision
from ...runtime.bundle import Bundle
from ...runtime.datasets import Layout, Split
from ...runtime.errors import ConfigError
from ...runtime.progress import Progress, silent
from .bundles import Settings, time_bundles
from .files import compare_files
from .names import names_of
from .quality import DataSet, quality_notes, quality_on, quality_without_data
from .report import ComparisonReport
from .verdict import MARGIN


def compare(
    a: Path,
    b: Path,
    *,
    backend: BackendName | None = None,
    precision: RunPrecision | None = None,
    batch: int | None = None,
    rounds: int | None = None,
    margin: float | None = None,
    data: Path | None = None,
    layout: Layout = "cvusa",
    split: Split | None = None,
    progress: Progress = silent,
) -> ComparisonReport:
    """
    Compare two result files, or run two bundles in turns.

    Args:
        a: A, a file of JSON lines or a bundle's folder.
        b: B, of the same kind as A.
        backend: of bundles; None takes onnxruntime.
        precision: of bundles; None takes each one's `default_precision`.
        batch: of bundles, images of each view in a run; None takes 8.
        rounds: of bundles; None takes 20.
        margin: the least difference that counts, as a share; None takes `MARGIN` for bundles, which
            take turns, and `FILES_MARGIN` for files.
        data: a data set that both bundles shall answer; None compares embeddings of noise.
        layout: how it lies on disk.
        split: which part of it.
        progress: told about turns and images.

    Raises:
        ConfigError: a file and a folder, or options of bundles with files.
        ClnetError: as `compare_files`, `time_bundles` and `quality_on`.

    """
    if a.is_dir() != b.is_dir():
        folder, file = (a, b) if a.is_dir() else (b, a)
        raise ConfigError(f"{folder} is a folder and {file} is none: give two files or two bundles")
    if not a.is_dir():
        options: dict[str, object] = {
            "--backend": backend, "--precision": precision, "--batch": batch, "--rounds": rounds,
            "--data": data,
        }  # fmt: skip
        given = [name for name, value in options.items() if value is not None]
        if given:
            raise ConfigError(f"{', '.join(given)}: for bundles alone; files are compared as read")
        return compare_files(a, b, margin=margin)
    settings = Settings(
        backend or "onnxruntime", precision, batch or 8, rounds or 20,
        MARGIN if margin is None else margin,
    )  # fmt: skip
    dataset = None if data is None else DataSet(data, layout, split)
    return compare_bundles(a, b, settings, dataset, progress=progress)


def compare_bundles(
    a: Path, b: Path, settings: Settings, data: DataSet | None, *, progress: Progress = silent
) -> ComparisonReport:
    """
    Run two bundles in turns; compare their speed, their embeddings and their answers.

    Raises:
        ClnetError: as `time_bundles` and `quality_on`.

    """
    names, bundles = names_of(a, b), (Bundle.open(a), Bundle.open(b))
    # answers first: unusable data is found before minutes of timing
    quality = None if data is None else quality_on(data, names, bundles, settings, progress)
    timed = time_bundles(names, bundles, settings, progress)
    quality = quality or quality_without_data(names, bundles, timed.noise)
    notes = [
        *(["A and B are the same bundle"] if a.resolve() == b.resolve() else []),
        *timed.notes,
        *quality_notes(names, bundles),
        *([] if data else ["no --data: recall and moved queries are not known"]),
    ]
    return ComparisonReport(timed.rows, (quality,), tuple(notes))
