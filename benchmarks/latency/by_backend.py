"""Latency as a user meets it: `Backend.embed` of a bundle, by the backends named."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from ...runtime.bundle import Bundle
from ...runtime.cores import usable_cores
from ...runtime.errors import MeasurementFailed
from ...runtime.progress import Progress, silent
from ..machine.machine import this_machine, versions_of
from ..measuring.process import Process
from .cosines import min_cosines
from .embed_worker import RAN, EmbedJob
from .fp32_reference import compared, reference_of
from .ran import Ran
from .rows import LatencyReport, Method, Run, latency_rows
from .turns import time_started

WORKER = "clnet.benchmarks.latency.embed_worker"

_PACKAGES = (
    "clnet", "numpy", "onnxruntime", "onnxruntime-gpu", "openvino", "tensorrt", "cuda-bindings",
    "pycuda",
)  # fmt: skip
_NOTE = (
    "timed: Backend.embed, from uint8 images in memory to embeddings in memory; normalisation and "
    "transfers are in it, decoding and resizing are not"
)


def measure_embed(
    bundle: Bundle,
    folder: Path,
    *,
    methods: Sequence[Method],
    skip_absent: bool = False,
    batch: int,
    rounds: int,
    progress: Progress = silent,
) -> LatencyReport:
    """
    Time each backend in a process of its own; those named are measured, and nothing else.

    Needs what the backends need: for "tensorrt" neither torch nor onnx nor ONNX Runtime.

    Args:
        bundle: an opened bundle, with engines for "tensorrt".
        folder: takes what the processes leave.
        methods: backends with their precisions.
        skip_absent: leave out what cannot run here; the report's notes then say why.
        batch: B, images of each view in a run.
        rounds: interleaved rounds; each gives every backend one turn of one or more runs.
        progress: told about each turn.

    Raises:
        MeasurementFailed: a backend cannot run, or with `skip_absent` none can, or one failed;
            its reason is quoted.

    """
    threads = usable_cores()
    processes = {method: _process(bundle, method, batch, threads, folder) for method in methods}
    with ExitStack() as stack:
        absent = _start(stack, processes, skip_absent=skip_absent)
        started = {method: one for method, one in processes.items() if method not in absent}
        timed = time_started(started, rounds, progress)
    run = Run(
        network=bundle.path.resolve().name,
        configuration=bundle.manifest.network,
        span="embed",
        batch=batch,
        threads=threads,
        versions=versions_of(_PACKAGES),
        machine=this_machine(),
    )
    ran = {method: Ran.read(one.outputs / RAN) for method, one in started.items()}
    rows = latency_rows(run, timed, ran)
    reference = reference_of(started)
    if reference is not None:
        outputs = {method: one.outputs for method, one in started.items()}
        rows = compared(rows, timed, reference, min_cosines(outputs, reference))
    return LatencyReport(rows, (_NOTE, *(f"not measured: {one}" for one in absent.values())))


def _process(bundle: Bundle, method: Method, batch: int, threads: int, folder: Path) -> Process:
    job = EmbedJob.model_validate(
        {
            "bundle": str(bundle.path),
            "backend": method.backend,
            "precision": method.precision,
            "batch": batch,
        }
    )
    environment = {"OMP_NUM_THREADS": str(threads)}
    return Process(method.name, WORKER, job, folder / method.name, environment)


def _start(
    stack: ExitStack, processes: Mapping[Method, Process], *, skip_absent: bool
) -> dict[Method, MeasurementFailed]:
    """Enter the processes; collect why some cannot run, where others may go on without them."""
    absent: dict[Method, MeasurementFailed] = {}
    for method, process in processes.items():
        try:
            stack.enter_context(process)
        except MeasurementFailed as error:
            if not skip_absent:
                raise
            absent[method] = error
    if len(absent) == len(processes):
        reasons = "; ".join(str(error) for error in absent.values())
        raise MeasurementFailed(f"no backend can run here: {reasons}")
    return absent
