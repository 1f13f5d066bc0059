"""Latency of both branches: every method in its own process, in turn."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ..runtime.cores import usable_cores
from ..runtime.extras import need_extra
from ..runtime.preprocess import VIEWS
from ..runtime.progress import Progress, silent
from .latency_rows import EAGER, Method, Timed, latency_rows
from .latency_worker import LatencyJob
from .machine import has_bf16, this_machine
from .process import Process
from .result import LatencyResult
from .rounds import interleave, plan_turn, warm_up
from .subject import NetworkName, Subject, choose_subject

WORKER = "clnet.benchmarks.latency_worker"


@dataclass(frozen=True, slots=True)
class LatencyReport:
    """What was measured, and what was not."""

    rows: tuple[LatencyResult, ...]
    """One a method and view, `pair` last."""

    notes: tuple[str, ...]
    """What a reader must know, a sentence each."""


def latency_run(
    *,
    bundle: Path | None = None,
    config_path: Path | None = None,
    network: NetworkName | None = None,
    batch: int = 8,
    rounds: int = 10,
    progress: Progress = silent,
) -> LatencyReport:
    """
    Measure a bundle or a network with random weights; see `choose_subject`.

    Raises:
        ClnetError: as `choose_subject` and `measure_latency`.

    """
    with tempfile.TemporaryDirectory() as folder:
        subject = choose_subject(
            Path(folder),
            bundle=bundle,
            config_path=config_path,
            network=network,
            progress=progress,
        )
        return measure_latency(subject, Path(folder), batch=batch, rounds=rounds, progress=progress)


def measure_latency(
    subject: Subject,
    folder: Path,
    *,
    batch: int,
    rounds: int,
    progress: Progress = silent,
) -> LatencyReport:
    """
    Time each branch from a normalised batch in memory to its embeddings.

    Args:
        subject: the network.
        folder: takes what the methods' processes leave.
        batch: B, images of each view in a run.
        rounds: interleaved rounds; each gives every method one turn of one or more runs.
        progress: told about each turn.

    Raises:
        ExtraMissing: onnxruntime is not installed.
        MeasurementFailed: a method failed.

    """
    methods, notes = _methods(subject)
    threads = usable_cores()
    with ExitStack() as stack, progress("measure", rounds * len(methods), "turns") as advance:
        processes = {
            method: stack.enter_context(_process(subject, method, batch, threads, folder))
            for method in methods
        }
        warm = {method: warm_up(one.once_s) for method, one in processes.items()}
        turn = plan_turn(max(seconds for seconds, _ in warm.values()))
        turns = {method: partial(one.turn, turn) for method, one in processes.items()}
        taken = interleave(turns, rounds, advance)
    cosines = _cosines(subject, methods, folder)
    timed = {
        method: Timed(
            turns=tuple(taken[method]),
            stationary=warm[method][1],
            others_cores=one.others_cores,
            min_cosine=cosines.get(method, {}),
        )
        for method, one in processes.items()
    }
    return LatencyReport(latency_rows(subject, timed, batch, threads, this_machine()), notes)


def _methods(subject: Subject) -> tuple[tuple[Method, ...], tuple[str, ...]]:
    need_extra("cpu")
    onnxruntime = Method("onnxruntime", "fp32")
    if subject.checkpoint is None:
        return (onnxruntime,), subject.notes
    torch = (Method("torch_eager", "fp32"), Method("torch_eager_channels_last", "fp32"))
    if has_bf16():
        return (*torch, Method("torch_eager", "bf16"), onnxruntime), subject.notes
    note = "this processor has no bf16 products: no row and no ratio of it"
    return (*torch, onnxruntime), (*subject.notes, note)


def _process(subject: Subject, method: Method, batch: int, threads: int, folder: Path) -> Process:
    job = LatencyJob(
        backend=method.backend,
        precision=method.precision,
        batch=batch,
        threads=threads,
        preprocess=dict(subject.preprocess),
        graphs={view: str(path) for view, path in subject.graphs.items()},
        checkpoint=None if subject.checkpoint is None else str(subject.checkpoint),
    )
    environment = {"OMP_NUM_THREADS": str(threads)}
    return Process(method.name, WORKER, job, folder / method.name, environment)


def _cosines(
    subject: Subject, methods: tuple[Method, ...], folder: Path
) -> Mapping[Method, dict[str, float]]:
    """Compare every method's embeddings with eager FP32's: fast and wrong is no result."""
    if not subject.same_weights or EAGER["fp32"] not in methods:
        return {}
    found: dict[Method, dict[str, float]] = {method: {} for method in methods}
    for view in VIEWS:
        reference = np.load(folder / EAGER["fp32"].name / f"{view}.npy")
        for method in methods:
            embeddings = np.load(folder / method.name / f"{view}.npy")
            found[method][view] = float((embeddings * reference).sum(axis=1).min())
    return found
