"""Latency of both branches: every method in its own process, in turn."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..runtime.backends import BackendName
from ..runtime.bundle import Bundle, Precision
from ..runtime.cores import usable_cores
from ..runtime.errors import ConfigError
from ..runtime.extras import need_extra
from ..runtime.preprocess import VIEWS
from ..runtime.progress import Progress, silent
from .embed_latency import measure_embed
from .latency_rows import EAGER, LatencyReport, Method, Run, latency_rows
from .latency_turns import time_methods
from .latency_worker import LatencyJob
from .machine import has_bf16, this_machine, versions_of
from .process import Process
from .subject import NetworkName, Subject, choose_subject

WORKER = "clnet.benchmarks.latency_worker"

_PACKAGES = ("clnet", "numpy", "torch", "timm", "onnx", "onnxscript", "onnxruntime")


def latency_run(
    *,
    bundle: Path | None = None,
    config_path: Path | None = None,
    network: NetworkName | None = None,
    backends: Sequence[BackendName] = (),
    precision: Precision | None = None,
    batch: int = 8,
    rounds: int = 10,
    progress: Progress = silent,
) -> LatencyReport:
    """
    Measure a bundle or a network with random weights; see `choose_subject`.

    Args:
        bundle: as `choose_subject`'s.
        config_path: as `choose_subject`'s.
        network: as `choose_subject`'s.
        backends: where one is named, `measure_embed` of the bundle by these and nothing else.
        precision: see `measure_embed`; only with `backends`.
        batch: B, images of each view in a run.
        rounds: interleaved rounds.
        progress: told about each turn.

    Raises:
        ConfigError: backends without a bundle, or a precision without backends.
        ClnetError: as `choose_subject`, `measure_latency` and `measure_embed`.

    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if backends or precision:
            return measure_embed(
                _bundle_alone(bundle, config_path, network, backends),
                folder,
                backends=backends,
                precision=precision,
                batch=batch,
                rounds=rounds,
                progress=progress,
            )
        subject = choose_subject(
            folder, bundle=bundle, config_path=config_path, network=network, progress=progress
        )
        return measure_latency(subject, folder, batch=batch, rounds=rounds, progress=progress)


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
    cosines = _cosines(subject, methods, folder)
    return LatencyReport(latency_rows(run, timed, ran, cosines), notes)


def _bundle_alone(
    bundle: Path | None,
    config_path: Path | None,
    network: NetworkName | None,
    backends: Sequence[BackendName],
) -> Bundle:
    if not backends:
        raise ConfigError("--precision goes with --backend: PyTorch's rows have their own")
    if bundle is None or config_path is not None or network is not None:
        raise ConfigError("--backend measures a bundle: give BUNDLE alone")
    return Bundle.open(bundle)


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
) -> Mapping[Method, Mapping[str, float]]:
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
