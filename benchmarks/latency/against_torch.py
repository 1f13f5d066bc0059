"""Latency of both branches: every method in its own process, in turn."""

from pathlib import Path

from ...runtime.backends import RunPrecision
from ...runtime.cores import usable_cores
from ...runtime.extras import is_installed, need_extra
from ...runtime.progress import Progress, silent
from ..machine.machine import has_bf16, this_machine, versions_of
from ..measuring.process import Process
from ..subjects.subject import Subject
from .cosines import min_cosines
from .network_worker import LatencyJob
from .rows import EAGER, NO_COSINES, LatencyReport, Method, Run, latency_rows
from .turns import time_methods

WORKER = "clnet.benchmarks.latency.network_worker"

_PACKAGES = ("clnet", "numpy", "torch", "timm", "onnx", "onnxscript", "onnxruntime", "openvino")


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
    processes = {method: _process(subject, method, batch, threads, folder) for method in methods}
    timed = time_methods(processes, rounds, progress)
    run = Run(
        network=subject.name,
        configuration=subject.configuration,
        span="network",
        batch=batch,
        threads=threads,
        versions=versions_of(_PACKAGES),
        machine=this_machine(),
    )
    ran = {method: subject.ran(method.backend) for method in methods}
    outputs = {method: one.outputs for method, one in processes.items()}
    compares = subject.same_weights and EAGER["fp32"] in methods
    cosines = min_cosines(outputs, EAGER["fp32"]) if compares else NO_COSINES
    return LatencyReport(latency_rows(run, timed, ran, cosines), notes)


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
