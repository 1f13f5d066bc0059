"""Memory of an embedding run: `python -m clnet.benchmarks.embedding.memory_worker FOLDER`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pydantic import NonNegativeInt, PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.backends import BackendName, RunPrecision, open_backend
from ...runtime.bundle import Bundle
from ...runtime.embedding_run import embed_into
from ...runtime.item import Item
from ...runtime.preprocess import View
from ...runtime.progress import Advance
from ..machine.system_file import text_of
from ..measuring.worker import Part, serve
from ..subjects.images import noise_images

TRACE = "memory.json"
"""File in which a worker leaves what it measured."""

STATUS = Path("/proc/self/status")

_ALONE_RUNS = 3


class MemoryJob(Artifact):
    """Whose memory to measure."""

    bundle: str
    """The bundle's folder."""

    view: View
    """The branch."""

    backend: BackendName
    """What executes it."""

    precision: RunPrecision
    """Of the graph or engine; bf16 is a hint to openvino."""

    batch: PositiveInt
    """B, images in a run of the backend."""

    photographs: str
    """A folder of images."""

    images: NonNegativeInt
    """Images to embed into a gallery, reading each file as often as that takes; 0: none, the
    backend runs alone."""


class MemoryTrace(Artifact):
    """Resident memory of the process."""

    images: tuple[int, ...]
    """Images embedded so far, at each sample."""

    resident_mib: tuple[float, ...]
    """Then resident, in MiB."""

    peak_mib: float
    """The most that ever was, in MiB."""


def prepare(outputs: Path, line: str) -> dict[str, Part]:
    """
    Do the job, leave `TRACE`; there is nothing to time.

    Raises:
        ClnetError: as `open_backend` and `embed_into`.

    """
    job = MemoryJob.model_validate_json(line)
    samples: list[tuple[int, float]] = []
    if job.images:
        _fill_gallery(job, outputs / "gallery", samples)
    else:
        _run_alone(job)
    MemoryTrace(
        images=tuple(count for count, _ in samples),
        resident_mib=tuple(mib for _, mib in samples),
        peak_mib=_status_mib("VmHWM"),
    ).write(outputs / TRACE)
    return {}


def _run_alone(job: MemoryJob) -> None:
    bundle = Bundle.open(Path(job.bundle))
    with open_backend(bundle, job.view, job.backend, job.precision) as backend:
        images = noise_images(backend.preprocess, job.batch)
        for _ in range(_ALONE_RUNS):
            backend.embed(images)


def _fill_gallery(job: MemoryJob, gallery: Path, samples: list[tuple[int, float]]) -> None:
    @contextmanager
    def sampled(label: str, total: int | None, unit: str = "images") -> Iterator[Advance]:
        del label, total, unit

        def advance(count: int = 1, **figures: float) -> None:
            del figures
            before = samples[-1][0] if samples else 0
            samples.append((before + count, _status_mib("VmRSS")))

        yield advance

    paths = sorted(Path(job.photographs).iterdir())
    items = (Item(f"{n}", paths[n % len(paths)]) for n in range(job.images))
    embed_into(
        gallery,
        Bundle.open(Path(job.bundle)),
        job.view,
        items,
        backend=job.backend,
        precision=job.precision,
        batch_size=job.batch,
        progress=sampled,
    )


def _status_mib(name: str) -> float:
    """Read a line of the kernel's: not getrusage, whose peak counts the parent's memory in."""
    fields = dict(line.split(":", 1) for line in text_of(STATUS).splitlines())
    return int(fields[name].split()[0]) / 1024


def main(outputs: Path) -> int:
    """Serve until standard input ends; return the process's exit status."""
    return serve(partial(prepare, outputs), outputs)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
