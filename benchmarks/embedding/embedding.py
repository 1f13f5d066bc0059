"""Files to embeddings, beside the backend alone on the same images: how much decoding costs."""

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...runtime.backends import BackendName, RunPrecision, default_precision
from ...runtime.bundle import Bundle
from ...runtime.cores import usable_cores
from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Advance, Progress, silent
from ..latency.embed_worker import RAN
from ..latency.ran import Ran
from ..machine.machine import this_machine, versions_of
from ..measuring.messages import Times, Turn
from ..measuring.process import Process
from ..measuring.rounds import is_stationary, median_ratio
from ..records.embedding_result import EmbeddingResult
from ..subjects.photographs import write_photographs
from ..subjects.random_bundle import bundle_to_measure
from .files_worker import BACKEND, DECODE, FILES, EmbeddingJob
from .memory import Memory, check_images, measure_memory
from .memory_worker import MemoryJob

WORKER = "clnet.benchmarks.embedding.files_worker"

NATIVE: Mapping[View, tuple[int, int]] = {"ground": (1232, 224), "satellite": (750, 750)}
"""Width and height of CVUSA's JPEG files, in pixels (Zhai et al., CVPR 2017)."""

_PACKAGES = ("clnet", "numpy", "opencv-python-headless", "onnxruntime", "openvino", "lancedb")


@dataclass(frozen=True, slots=True)
class EmbeddingReport:
    """What was measured, and what a reader must know."""

    rows: tuple[EmbeddingResult, ...]
    """One a view."""

    notes: tuple[str, ...]
    """A sentence each."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One view's rounds."""

    turns: Sequence[Times]
    """Seconds of each part, one a round."""

    others_cores: float | None
    """Cores that others used meanwhile; None where nobody knows."""

    ran: Ran
    """What ran."""

    identical: bool
    """Whether files and backend gave the same embeddings."""

    def rounds_s(self, part: str) -> list[float]:
        """List a part's seconds, one a round."""
        return [turn[part][0] for turn in self.turns]


def measure_embedding(
    *,
    bundle: Path | None = None,
    config_path: Path | None = None,
    backend: BackendName = "onnxruntime",
    precision: RunPrecision | None = None,
    images: int = 64,
    batch: int = 8,
    rounds: int = 5,
    memory_images: int | None = None,
    progress: Progress = silent,
) -> EmbeddingReport:
    """
    Measure both views, one after the other.

    Args:
        bundle: see `bundle_to_measure`.
        config_path: see `bundle_to_measure`.
        backend: what executes the branches.
        precision: see `open_backend`.
        images: JPEG files of CVUSA's sizes, made up, in one run.
        batch: images in a run of the backend.
        rounds: in each, the backend alone, all from files, and decoding alone take a turn.
        memory_images: how many to embed into a gallery to measure memory; None: do not.
        progress: told about each turn.

    Raises:
        ConfigError: too few `memory_images`.
        MeasurementFailed: the backend cannot run, or failed; its reason is quoted.

    """
    if memory_images is not None:
        check_images(memory_images)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subject = bundle_to_measure(
            folder, bundle=bundle, config_path=config_path, progress=progress
        )
        job = EmbeddingJob(
            bundle=str(subject.path),
            view="ground",
            backend=backend,
            precision=precision or default_precision(subject, backend),
            batch=batch,
            threads=usable_cores(),
            photographs=str(folder),
        )
        rows = []
        with progress("measure", rounds * len(VIEWS), "rounds") as advance:
            for view in VIEWS:
                photographs = folder / "photographs" / view
                write_photographs(photographs, images, *NATIVE[view])
                one = job.model_copy(update={"view": view, "photographs": str(photographs)})
                timed = _time(one, folder / view, rounds, advance)
                memory = _memory(one, memory_images, folder / f"{view} memory")
                rows.append(_row(subject, one, timed, memory))
    return EmbeddingReport(tuple(rows), _notes(bundle is None))


def _time(job: EmbeddingJob, folder: Path, rounds: int, advance: Advance) -> Timed:
    environment = {"OMP_NUM_THREADS": str(job.threads)}
    turns = []
    with Process(f"{job.backend} {job.view}", WORKER, job, folder, environment) as process:
        for _ in range(rounds):
            turns.append(process.turn(Turn()))
            advance()
        others_cores = process.others_cores
    found = [np.load(folder / f"{part}.npy") for part in (BACKEND, FILES)]
    same = bool(np.array_equal(*found))
    return Timed(turns, others_cores, Ran.read(folder / RAN), same)


def _memory(job: EmbeddingJob, images: int | None, folder: Path) -> Memory | None:
    if images is None:
        return None
    shared = job.model_dump(exclude={"threads"})
    return measure_memory(MemoryJob(**shared, images=images), folder)


def _row(
    subject: Bundle, job: EmbeddingJob, timed: Timed, memory: Memory | None
) -> EmbeddingResult:
    files = list(Path(job.photographs).iterdir())
    alone_s, files_s, decode_s = (timed.rounds_s(part) for part in (BACKEND, FILES, DECODE))
    width, height = NATIVE[job.view]
    engine = timed.ran.engines.get(job.view)
    return EmbeddingResult(
        samples=len(timed.turns),
        rounds=len(timed.turns),
        samples_ms=tuple(1e3 * second for second in files_s),
        stationary=is_stationary(alone_s) and is_stationary(files_s),
        others_cores=timed.others_cores,
        threads=job.threads,
        tf32=engine is not None and engine.tf32,
        versions=versions_of(_PACKAGES),
        machine=this_machine(),
        network=subject.path.resolve().name,
        configuration=subject.manifest.network,
        artifacts=timed.ran.artifacts[job.view],
        engine=engine,
        view=job.view,
        backend=job.backend,
        precision=job.precision,
        batch=job.batch,
        images=len(files),
        file_width=width,
        file_height=height,
        file_kib=statistics.fmean(file.stat().st_size for file in files) / 1024,
        backend_images_per_s=len(files) / statistics.median(alone_s),
        files_images_per_s=len(files) / statistics.median(files_s),
        decode_images_per_s=len(files) / statistics.median(decode_s),
        ratio_to_backend=median_ratio(alone_s, files_s),
        identical=timed.identical,
        memory=memory,
    )


def _notes(random: bool) -> tuple[str, ...]:
    note = (
        "the same JPEG files: the backend alone on fitted images in memory, and all from files; "
        "decoding alone has every core to itself"
    )
    return (note, "the weights are random") if random else (note,)
