"""Pairs a second of the loader alone, by threads, beside what the trainer consumes."""

import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from ...runtime.cores import usable_cores
from ...runtime.progress import Progress, silent
from ...training.train_config import TrainConfig
from ..machine.machine import this_machine, versions_of
from ..matching.kernels import UNSET, kernel_environment
from ..measuring.process import Process
from ..measuring.rounds import interleave, is_stationary, median_ratio
from ..records.loading_result import LoadingResult
from .worker import LoadingJob, LoadingMethod

WORKER = "clnet.benchmarks.loading.worker"

Turn = tuple[LoadingMethod, int]
"""A method and its threads."""


def measure_loading(
    data: Path,
    config: TrainConfig,
    *,
    batches: int = 8,
    rounds: int = 5,
    progress: Progress = silent,
) -> tuple[LoadingResult, ...]:
    """
    Load batches with one thread and with one a core, decoding and from memory; and learn.

    Args:
        data: a data set in the config's layout.
        config: of a training run; its steps and epochs do not matter.
        batches: in each run.
        rounds: interleaved rounds, one run of each method in each, after an untimed one.
        progress: told about each run.

    Raises:
        MeasurementFailed: a method failed.

    """
    cores = usable_cores()
    step: Turn = ("trainer_step", cores)
    turns: list[Turn] = [step]
    for method in ("loader_decoding", "loader_kept"):
        turns += [(method, threads) for threads in sorted({1, cores})]
    with (
        tempfile.TemporaryDirectory() as folder,
        ExitStack() as stack,
        progress("load", rounds * len(turns), "runs") as advance,
    ):
        processes = {
            (method, threads): stack.enter_context(
                Process(
                    method, WORKER,
                    LoadingJob(
                        method=method, data=data.resolve(), config=config, batches=batches,
                        threads=threads,
                    ),
                    Path(folder) / f"{method}{threads}", kernel_environment(UNSET, threads),
                )
            )
            for method, threads in turns
        }  # fmt: skip
        taken = interleave({turn: processes[turn].once_s for turn in turns}, rounds, advance)
    return tuple(
        _row(turn, taken[turn], taken[step], processes[turn], data, config, batches)
        for turn in turns
    )


def _row(
    turn: Turn,
    taken: list[float],
    steps: list[float],
    process: Process,
    data: Path,
    config: TrainConfig,
    batches: int,
) -> LoadingResult:
    return LoadingResult(
        samples=len(taken),
        rounds=len(taken),
        samples_ms=tuple(1e3 * second for second in taken),
        stationary=is_stationary(taken),
        others_cores=process.others_cores,
        threads=turn[1],
        tf32=False,
        versions=versions_of(("clnet", "numpy", "opencv-python-headless", "torch")),
        machine=this_machine(),
        configuration=config.model_dump(mode="json"),
        method=turn[0],
        data=data.resolve().name,
        layout=config.layout,
        batch=config.batch_size,
        batches=batches,
        pairs_per_s=batches * config.batch_size / statistics.median(taken),
        ratio_to_trainer=median_ratio(steps, taken),
        peak_mib=process.peak_mib,
    )
