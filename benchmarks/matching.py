"""Exact top K: ours, FAISS flat and the bare product, each at its best and in turn."""

import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..runtime.cores import usable_cores
from ..runtime.errors import ConfigError
from ..runtime.extras import is_installed, need_extra
from ..runtime.progress import Progress, silent
from .kernels import UNSET, fastest_kernel, kernel_environment
from .machine import Machine, this_machine, versions_of
from .matching_worker import IDS, MatchingJob, Method
from .process import Process
from .reference import identical, reference_top_k
from .result import MatchingResult
from .rounds import interleave, median_ratio, warm_up

WORKER = "clnet.benchmarks.matching_worker"

PRODUCTS: tuple[Method, ...] = ("product_blocks", "product_whole")
"""The bare product: in the matcher's blocks, and at once."""

OWN_KERNELS = "not used"

_PACKAGES = ("clnet", "numpy", "onnxruntime", "faiss-cpu")


@dataclass(frozen=True, slots=True)
class MatchingReport:
    """What was measured, and what was not."""

    rows: tuple[MatchingResult, ...]
    """One a method."""

    notes: tuple[str, ...]
    """Why something is absent, a sentence each."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One method's runs."""

    kernel: str
    """OPENBLAS_CORETYPE, `unset` or `not used`."""

    stationary: bool
    """Whether its times settled before the rounds."""

    others_cores: float | None
    """Cores that others used during its runs; None where nobody knows."""

    rounds_s: tuple[float, ...]
    """Seconds of its run in each round."""

    identical: bool | None
    """Whether its ids are the reference's; None if it gives none."""


def measure_matching(
    *,
    queries: int = 1024,
    gallery: int = 100_000,
    dim: int = 1024,
    k: int = 10,
    rounds: int = 7,
    seed: int = 0,
    progress: Progress = silent,
) -> MatchingReport:
    """
    Compare methods on random unit vectors.

    Args:
        queries: Q.
        gallery: N, rows; each process holds N x D float32 (one of them Q x N besides).
        dim: D.
        k: K, at most N.
        rounds: interleaved rounds, one run of each method in each.
        seed: of the vectors.
        progress: told about each run.

    Raises:
        ConfigError: K is above N.
        ExtraMissing: onnx or onnxruntime is not installed.
        MeasurementFailed: a method failed.

    """
    if k > gallery:
        raise ConfigError(f"k must be at most {gallery}, the size of the gallery; got {k}")
    methods, notes = _methods()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = MatchingJob(
            method="clnet", queries=queries, gallery=gallery, dim=dim, k=k, seed=seed,
            threads=usable_cores(), matcher=str(folder / "matcher.onnx"),
        )  # fmt: skip
        _write_matcher(folder / "matcher.onnx", dim)
        timed = _time(job, methods, folder, rounds, progress)
    return MatchingReport(matching_rows(job, timed, this_machine()), notes)


def matching_rows(
    job: MatchingJob, timed: dict[Method, Timed], machine: Machine
) -> tuple[MatchingResult, ...]:
    """Turn runs into rows; every ratio is taken round by round."""
    product = min(PRODUCTS, key=lambda one: statistics.median(timed[one].rounds_s))
    faiss = timed.get("faiss_flat")
    versions = versions_of(_PACKAGES)
    flop = 2 * job.queries * job.gallery * job.dim
    return tuple(
        MatchingResult(
            samples=len(one.rounds_s),
            rounds=len(one.rounds_s),
            stationary=one.stationary,
            others_cores=one.others_cores,
            threads=job.threads,
            tf32=False,
            versions=versions,
            machine=machine,
            method=method,
            blas_coretype=one.kernel,
            queries=job.queries,
            gallery=job.gallery,
            dim=job.dim,
            k=job.k,
            seed=job.seed,
            median_ms=1e3 * statistics.median(one.rounds_s),
            gflops=flop / statistics.median(one.rounds_s) / 1e9,
            ratio_to_faiss_flat=median_ratio(faiss.rounds_s, one.rounds_s) if faiss else None,
            ratio_to_product=median_ratio(timed[product].rounds_s, one.rounds_s),
            identical_to_reference=one.identical,
        )
        for method, one in timed.items()
    )


def _methods() -> tuple[tuple[Method, ...], tuple[str, ...]]:
    need_extra("bench")
    if is_installed("faiss"):
        return ("clnet", "faiss_flat", *PRODUCTS), ()
    note = "faiss is not installed (pip install '.[bench]'): no row and no ratio of it"
    return ("clnet", *PRODUCTS), (note,)


def _write_matcher(path: Path, dim: int) -> None:
    from ..export.matcher_graph import write_matcher

    write_matcher(path, dim)


def _time(
    job: MatchingJob, methods: Sequence[Method], folder: Path, rounds: int, progress: Progress
) -> dict[Method, Timed]:
    def process(method: Method, kernel: str) -> Process:
        environment = kernel_environment(UNSET if kernel == OWN_KERNELS else kernel, job.threads)
        one = job.model_copy(update={"method": method})
        return Process(method, WORKER, one, folder / method, environment)

    kernels = {
        method: OWN_KERNELS
        if method == "clnet"
        else fastest_kernel(method, partial(process, method), progress)
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
    same = {m: identical(_ids(folder / m), reference) for m in methods if m not in PRODUCTS}
    return {
        method: Timed(
            kernel=kernels[method],
            stationary=settled[method],
            others_cores=one.others_cores,
            rounds_s=tuple(taken[method]),
            identical=same.get(method),
        )
        for method, one in processes.items()
    }


def _ids(folder: Path) -> NDArray[np.int64]:
    ids: NDArray[np.int64] = np.load(folder / f"{IDS}.npy")
    return ids
