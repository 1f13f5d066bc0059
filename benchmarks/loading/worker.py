"""The loader, or the trainer's step, in a process: `python -m clnet.benchmarks.loading.worker`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.datasets import Place, open_dataset
from ...training.loading import PairLoader, Planned
from ...training.train_config import TrainConfig
from ..measuring.worker import Part, serve

LoadingMethod = Literal["trainer_step", "loader_decoding", "loader_kept"]

MIB_FOR_ALL = 2**20
"""Memory that holds any training set's images: a TiB."""


class LoadingJob(Artifact):
    """What a method shall do with the training places of a data set."""

    method: LoadingMethod
    """`loader_decoding` reads every file in every run; `loader_kept` read them all before."""

    data: Path
    """The data set."""

    config: TrainConfig
    """Sizes, augmentation, network and batch size."""

    batches: PositiveInt
    """Batches of one run."""

    threads: PositiveInt
    """Of the loader; the step takes torch's."""


def prepare(line: str) -> dict[str, Part]:
    """Read the lists, decode what is kept; what follows is the work of a run alone."""
    job = LoadingJob.model_validate_json(line)
    config = job.config
    dataset = open_dataset(job.data, config.layout, area=config.area, labels=config.labels)
    places = dataset.places("train")[: job.batches * config.batch_size]
    loader = PairLoader(
        places, config.network, config.augmentation, config.seed,
        cache_mib=MIB_FOR_ALL if job.method == "loader_kept" else 0, threads=job.threads,
    )  # fmt: skip
    plan = _plan(places, config.batch_size, job.batches)
    if job.method == "trainer_step":
        return {"all": _steps(config, loader, plan)}

    def load() -> None:
        for _ in loader.batches(plan):
            pass

    return {"all": load}


def _plan(places: Sequence[Place], batch_size: int, batches: int) -> list[Planned]:
    """Take the places in their order; a small data set comes round again."""
    rows = np.arange(batches * batch_size, dtype=np.int64) % len(places)
    return [Planned(step, 0, some) for step, some in enumerate(rows.reshape(batches, -1))]


def _steps(config: TrainConfig, loader: PairLoader, plan: Sequence[Planned]) -> Part:
    """Learn from one batch again and again: steps differ in nothing that takes time."""
    from ...training.trainer.learner import Learner
    from ...training.trainer.processes import Processes

    learner = Learner(config, Processes())
    (batch,) = loader.batches(plan[:1])

    def run() -> None:
        for planned in plan:
            learner.step(planned.step, config.learning_rate, batch.ground, batch.satellite)

    return run


if __name__ == "__main__":
    sys.exit(serve(prepare, Path(sys.argv[1])))
