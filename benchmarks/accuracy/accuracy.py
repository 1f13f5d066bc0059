"""What `clnet-bench accuracy` does: the same protocol for every backend and precision."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...runtime.backends import BackendName, RunPrecision
from ...runtime.bundle import Bundle
from ...runtime.datasets import Layout, Split
from ...runtime.extras import need_extra
from ...runtime.progress import Progress, silent
from ..records.accuracy_result import AccuracyResult
from .choice import choose
from .embedded import embed_by_backend, embed_by_checkpoint
from .pairs import read_pairs
from .rows import accuracy_row, ranked, run_of

PARITY = "parity.json"

INTERVALS = (
    "intervals of 95 %: Wilson's for recall; for R@1 lost, the exact ones of queries lost and "
    "gained, paired with the reference"
)
NO_REFERENCE = (
    "there is no reference (--checkpoint RUN): these recalls do not tell what the export lost"
)
NO_RETRIEVAL = (
    'the manifest says "retrieval: not measured": the export\'s gate counted no lost queries'
)
NO_PARITY = "the bundle holds no parity.json: nothing tells what its export was compared with"


@dataclass(frozen=True, slots=True)
class AccuracyReport:
    """What was measured, and what was not."""

    rows: tuple[AccuracyResult, ...]
    """The reference first, then one a backend and precision."""

    notes: tuple[str, ...]
    """What a reader must know, a sentence each."""


def accuracy_run(
    *,
    bundle: Path,
    data: Path,
    layout: Layout = "cvusa",
    split: Split | None = None,
    checkpoint: Path | None = None,
    backends: Sequence[BackendName] = (),
    all_backends: bool = False,
    precision: RunPrecision | None = None,
    progress: Progress = silent,
) -> AccuracyReport:
    """
    Rank every ground image of a split against every tile of it, by each method in turn.

    Only the reference needs torch. Where several queries share a tile, the first alone asks
    (`read_pairs`); the rows' protocol says so.

    Args:
        bundle: a bundle's folder, with engines for "tensorrt".
        data: the data set.
        layout: how it lies on disk.
        split: which places.
        checkpoint: the run that the bundle was exported from: the reference.
        backends: what embeds; none stands for ONNX Runtime on the CPU.
        all_backends: instead, all that can run here.
        precision: None takes each one that the backend computes in and that can run here.
        progress: told about every image.

    Raises:
        BackendUnavailable: a backend that was named, or a precision of it, cannot run here.
        ConfigError: options that do not go together.
        SpaceMismatch: the checkpoint is not the one that was exported.
        ClnetError: unusable data, checkpoint or bundle, or embeddings that are none.

    """
    opened, places = Bundle.open(bundle), read_pairs(data, layout, split)
    if checkpoint is not None:
        need_extra("export")
    methods, absent = choose(opened, backends, precision, all_backends=all_backends)
    run = run_of(opened, places, data, layout)
    reference = None
    if checkpoint is not None:
        reference = ranked(embed_by_checkpoint(checkpoint, opened, places, progress))
    rows = [] if reference is None else [accuracy_row(run, reference, None)]
    for method in methods:
        found = ranked(embed_by_backend(opened, places, method, progress))
        rows.append(accuracy_row(run, found, reference))
    notes = [INTERVALS]
    if reference is None:
        notes.append(NO_REFERENCE)
    if opened.manifest.retrieval == "not measured":
        notes.append(NO_RETRIEVAL)
    if PARITY not in opened.manifest.files:
        notes.append(NO_PARITY)
    return AccuracyReport(tuple(rows), (*notes, *absent))
