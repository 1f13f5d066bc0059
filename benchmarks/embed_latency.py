"""Latency as a device's user meets it: `Backend.embed` of a bundle, by the backends named."""

from collections.abc import Sequence
from pathlib import Path

from ..runtime.backends import BackendName
from ..runtime.bundle import Bundle, Precision
from ..runtime.cores import usable_cores
from ..runtime.progress import Progress, silent
from .embed_worker import RAN, EmbedJob
from .latency_rows import LatencyReport, Method, Run, latency_rows
from .latency_turns import time_methods
from .machine import this_machine, versions_of
from .process import Process
from .ran import Ran

WORKER = "clnet.benchmarks.embed_worker"

_PACKAGES = (
    "clnet", "numpy", "onnxruntime", "onnxruntime-gpu", "tensorrt", "cuda-bindings", "pycuda",
)  # fmt: skip
_NOTE = (
    "timed: Backend.embed, from uint8 images in memory to embeddings in memory; normalisation and "
    "transfers are in it, decoding and resizing are not"
)


def measure_embed(
    bundle: Bundle,
    folder: Path,
    *,
    backends: Sequence[BackendName],
    precision: Precision | None = None,
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
        backends: by name; one named twice counts once.
        precision: of the graphs and engines; None takes what `open_backend` takes.
        batch: B, images of each view in a run.
        rounds: interleaved rounds; each gives every backend one turn of one or more runs.
        progress: told about each turn.

    Raises:
        MeasurementFailed: a backend cannot run, or failed; its reason is quoted.

    """
    threads = usable_cores()
    processes: dict[Method, Process] = {}
    for name in backends:
        of_graph = precision or ("fp32" if name == "onnxruntime" else bundle.manifest.precision)
        method = Method(name, of_graph)
        job = EmbedJob(bundle=str(bundle.path), backend=name, precision=of_graph, batch=batch)
        environment = {"OMP_NUM_THREADS": str(threads)}
        processes[method] = Process(method.name, WORKER, job, folder / method.name, environment)
    timed = time_methods(processes, rounds, progress)
    run = Run(
        network=bundle.path.resolve().name,
        configuration=bundle.manifest.network,
        span="embed",
        batch=batch,
        threads=threads,
        versions=versions_of(_PACKAGES),
        machine=this_machine(),
    )
    ran = {method: Ran.read(one.outputs / RAN) for method, one in processes.items()}
    return LatencyReport(latency_rows(run, timed, ran), (_NOTE,))
