"""Ranks of true matches beside the bare product in the same blocks: time and memory."""

import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

from ...runtime.cores import usable_cores
from ...runtime.progress import Progress, silent
from ..machine.machine import this_machine, versions_of
from ..matching.kernels import UNSET, kernel_environment
from ..measuring.process import Process
from ..measuring.rounds import interleave, is_stationary, median_ratio
from ..records.ranking_result import RankingResult
from .worker import RankingJob, RankingMethod

WORKER = "clnet.benchmarks.ranking.worker"

METHODS: tuple[RankingMethod, ...] = get_args(RankingMethod)


def measure_ranking(
    *,
    queries: int = 52_605,
    gallery: int = 90_618,
    dim: int = 1024,
    rounds: int = 3,
    seed: int = 0,
    progress: Progress = silent,
) -> tuple[RankingResult, ...]:
    """
    Rank random unit vectors; the default is the size of VIGOR's same-area split.

    Args:
        queries: Q.
        gallery: N.
        dim: D; each of two processes holds (Q + N) x D float32.
        rounds: interleaved rounds, one run of each method in each, after an untimed one.
        seed: of the vectors.
        progress: told about each run.

    Raises:
        MeasurementFailed: a method failed.

    """
    job = RankingJob(
        method="clnet_ranks", queries=queries, gallery=gallery, dim=dim, seed=seed,
        threads=usable_cores(),
    )  # fmt: skip
    environment = kernel_environment(UNSET, job.threads)
    with (
        tempfile.TemporaryDirectory() as folder,
        ExitStack() as stack,
        progress("rank", rounds * len(METHODS), "runs") as advance,
    ):
        processes = {
            method: stack.enter_context(
                Process(
                    method, WORKER, job.model_copy(update={"method": method}),
                    Path(folder) / method, environment,
                )
            )
            for method in METHODS
        }  # fmt: skip
        turns = {method: one.once_s for method, one in processes.items()}
        taken = interleave(turns, rounds, advance)
        return tuple(_row(job, processes[method], method, taken) for method in METHODS)


def _row(
    job: RankingJob,
    process: Process,
    method: RankingMethod,
    taken: dict[RankingMethod, list[float]],
) -> RankingResult:
    median_s = statistics.median(taken[method])
    inputs_mib = 4 * (job.queries + job.gallery) * job.dim / 2**20
    return RankingResult(
        samples=len(taken[method]),
        rounds=len(taken[method]),
        samples_ms=tuple(1e3 * second for second in taken[method]),
        stationary=is_stationary(taken[method]),
        others_cores=process.others_cores,
        threads=job.threads,
        tf32=False,
        versions=versions_of(("clnet", "numpy")),
        machine=this_machine(),
        method=method,
        queries=job.queries,
        gallery=job.gallery,
        dim=job.dim,
        seed=job.seed,
        median_s=median_s,
        gflops=2 * job.queries * job.gallery * job.dim / median_s / 1e9,
        ratio_to_product=median_ratio(taken[method], taken["product_blocks"]),
        peak_above_inputs_mib=None if process.peak_mib is None else process.peak_mib - inputs_mib,
    )
