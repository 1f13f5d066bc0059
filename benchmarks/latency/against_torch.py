"""Latency of both branches: every method in its own process, in turn."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from ...runtime.backends import RunPrecision
from ...runtime.cores import usable_cores
from ...runtime.extras import is_installed, need_extra
from ...runtime.progress import Progress, silent
from ..machine.machine import has_bf16, this_machine, versions_of
from ..measuring.plan import Budget
from ..measuring.process import Process, start_all
from ..subjects.subject import Subject
from .absent import absent_figures
from .cosines import min_cosines
from .entry import entry_of
from .network_worker import LatencyJob
from .rows import EAGER, NO_COSINES, LatencyReport, Method, Run, latency_rows
from .turns import time_entries

WORKER = "clnet.benchmarks.latency.network_worker"

_PACKAGES = ("clnet", "numpy", "torch", "timm", "onnx", "onnxscript", "onnxruntime", "openvino")


def measure_latency(
    subject: Subject,
    folder: Path,
    *,
    batches: Sequence[int],
    budget: Budget,
    progress: Progress = silent,
) -> tuple[LatencyReport, ...]:
    """
    Time each branch from a normalised batch in memory to its embeddings.

    Args:
        subject: the network.
        folder: takes what the methods' processes leave.
        batches: B, images of each view in a run; one after the other, rising.
        budget: for each batch.
        progress: told about each turn.

    Returns:
        A report for each batch.

    Raises:
        ExtraMissing: onnxruntime is not installed.
        MeasurementFailed: a method failed.

    """
    methods, notes = _methods(subject)
    first, *more = sorted(set(batches))
    processes = {method: _process(subject, method, first, folder) for method in methods}
    with ExitStack() as stack:
        start_all(stack, processes.values())
        for process in processes.values():
            process.ready()
        reports = [_report(subject, processes, first, budget, progress)]
        for batch in more:
            for method, process in processes.items():
                process.prepare(_job(subject, method, batch))
            reports.append(_report(subject, processes, batch, budget, progress))
    return tuple(replace(one, notes=(*notes, *one.notes)) for one in reports)


def _report(
    subject: Subject,
    processes: Mapping[Method, Process],
    batch: int,
    budget: Budget,
    progress: Progress,
) -> LatencyReport:
    entries = {method: entry_of(one, "none") for method, one in processes.items()}
    timings = time_entries(entries, batch, budget, progress)
    run = Run(
        network=subject.name,
        configuration=subject.configuration,
        span="network",
        batch=batch,
        threads=usable_cores(),
        versions=versions_of(_PACKAGES),
        machine=this_machine(),
    )
    ran = {method: subject.ran(method.backend) for method in processes}
    outputs = {method: one.outputs for method, one in processes.items()}
    compares = subject.same_weights and EAGER["fp32"] in processes
    cosines = min_cosines(outputs, EAGER["fp32"]) if compares else NO_COSINES
    rows = latency_rows(run, timings.timed, ran, cosines)
    return LatencyReport(rows, (*timings.notes, *absent_figures(rows)))


def _methods(subject: Subject) -> tuple[tuple[Method, ...], tuple[str, ...]]:
    """List what can run here; of the rest, a note each."""
    need_extra("cpu")
    notes = list(subject.notes)
    precisions: tuple[RunPrecision, ...] = ("fp32", "bf16") if has_bf16() else ("fp32",)
    methods: list[Method] = []
    if subject.checkpoint is not None:
        methods += [Method("torch_eager", precision) for precision in precisions]
        methods.append(Method("torch_eager_channels_last", "fp32"))
    methods.append(Method("onnxruntime", "fp32"))
    if is_installed("openvino"):
        methods += [Method("openvino", precision) for precision in precisions]
    else:
        notes.append("openvino is not installed (pip install '.[openvino]'): no rows of it")
    if "bf16" not in precisions:
        notes.append("this processor has no bf16 products: no row and no ratio of it")
    return tuple(methods), tuple(notes)


def _process(subject: Subject, method: Method, batch: int, folder: Path) -> Process:
    environment = {"OMP_NUM_THREADS": str(usable_cores())}
    job = _job(subject, method, batch)
    return Process(method.name, WORKER, job, folder / method.name, environment)


def _job(subject: Subject, method: Method, batch: int) -> LatencyJob:
    return LatencyJob(
        backend=method.backend,
        precision=method.precision,
        batch=batch,
        threads=usable_cores(),
        preprocess=dict(subject.preprocess),
        graphs={view: str(path) for view, path in subject.graphs.items()},
        checkpoint=None if subject.checkpoint is None else str(subject.checkpoint),
    )
