"""Exact top K: ours, FAISS flat and the bare product, each at its best and in turn."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.cores import usable_cores
from ...runtime.errors import ConfigError
from ...runtime.extras import is_installed, need_extra
from ...runtime.openvino_core import has_bf16, open_core
from ...runtime.progress import Progress, silent
from ...runtime.scanning.narrow_scan import NARROW_QUERIES
from ..machine.machine import this_machine
from ..measuring.process import Process
from ..measuring.rounds import interleave, warm_up
from .kernels import UNSET, fastest_kernel, kernel_environment
from .reference import identical, reference_top_k
from .rows import MatchingReport, Timed, matching_rows
from .vectors import Data
from .worker import IDS, PRODUCTS, SEARCHES, MatchingJob, Method

WORKER = "clnet.benchmarks.matching.worker"

OWN_KERNELS = "not used"

_BLAS: tuple[Method, ...] = ("faiss_flat", *PRODUCTS)
"""Methods whose speed hangs on OpenBLAS's kernel."""


def measure_matching(
    *,
    queries: int = 1024,
    gallery: int = 100_000,
    dim: int = 1024,
    k: int = 10,
    rounds: int = 7,
    seed: int = 0,
    data: Data = "random",
    progress: Progress = silent,
) -> MatchingReport:
    """
    Compare methods on unit vectors.

    Args:
        queries: Q.
        gallery: N, rows; each process holds N x D float32 (one of them Q x N besides).
        dim: D.
        k: K, at most N.
        rounds: interleaved rounds, one run of each method in each.
        seed: of the vectors.
        data: which vectors.
        progress: told about each run.

    Raises:
        ConfigError: K is above N.
        ExtraMissing: onnx or onnxruntime is not installed.
        MeasurementFailed: a method failed.

    """
    if k > gallery:
        raise ConfigError(f"k must be at most {gallery}, the size of the gallery; got {k}")
    methods, notes = _methods(queries)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = MatchingJob(
            method="clnet", queries=queries, gallery=gallery, dim=dim, k=k, seed=seed, data=data,
            threads=usable_cores(), matcher=str(folder / "matcher.onnx"),
        )  # fmt: skip
        _write_matcher(folder / "matcher.onnx", dim)
        timed = _time(job, methods, folder, rounds, progress)
    return MatchingReport(matching_rows(job, timed, this_machine()), notes)


def _methods(queries: int) -> tuple[tuple[Method, ...], tuple[str, ...]]:
    need_extra("bench")
    methods: list[Method] = ["clnet"]
    notes: list[str] = []
    if not is_installed("openvino"):
        notes.append("openvino is not installed (pip install '.[openvino]'): no row of it")
    else:
        methods.append("clnet_openvino")
        if has_bf16(open_core()):
            methods.append("clnet_openvino_bf16")
        else:
            notes.append("this processor has no bf16: no row of the scan in bf16")
    if is_installed("faiss"):
        methods.append("faiss_flat")
    else:
        notes.append("faiss is not installed (pip install '.[bench]'): no row and no ratio of it")
    methods += PRODUCTS
    if queries <= NARROW_QUERIES:
        methods.append("read")
    return tuple(methods), tuple(notes)


def _write_matcher(path: Path, dim: int) -> None:
    from ...export.matcher_graph import write_matcher

    write_matcher(path, dim)


def _time(
    job: MatchingJob, methods: Sequence[Method], folder: Path, rounds: int, progress: Progress
) -> dict[Method, Timed]:
    def process(method: Method, kernel: str) -> Process:
        environment = kernel_environment(UNSET if kernel == OWN_KERNELS else kernel, job.threads)
        one = job.model_copy(update={"method": method})
        return Process(method, WORKER, one, folder / method, environment)

    kernels = {
        method: fastest_kernel(method, partial(process, method), progress)
        if method in _BLAS
        else OWN_KERNELS
        for method in methods
    }
    with progress("reference", 1, "searches") as advance:
        reference = reference_top_k(*job.vectors(), job.k)
        advance()
    with ExitStack() as stack, progress("match", rounds * len(methods), "runs") as advance:
        processes = {m: stack.enter_context(process(m, kernels[m])) for m in methods}
        settled = {method: warm_up(one.once_s)[1] for method, one in processes.items()}
        turns = {method: one.once_s for method, one in processes.items()}
        taken = interleave(turns, rounds, advance)
    same: dict[Method, bool] = {
        m: identical(_ids(folder / m), reference) for m in methods if m in SEARCHES
    }
    return {
        method: Timed(
            kernel=kernels[method],
            stationary=settled[method],
            others_cores=one.others_cores,
            peak_mib=one.peak_mib,
            rounds_s=tuple(taken[method]),
            identical=same.get(method),
        )
        for method, one in processes.items()
    }


def _ids(folder: Path) -> NDArray[np.int64]:
    ids: NDArray[np.int64] = np.load(folder / f"{IDS}.npy")
    return ids
