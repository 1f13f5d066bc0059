"""One training run, from a folder of images to a checkpoint and its scores."""

import json
from pathlib import Path

from ..runtime.artifact import Artifact
from ..runtime.atomic import file_written_aside
from ..runtime.datasets import (
    Dataset,
    Faults,
    Place,
    Task,
    open_dataset,
    sound_places,
    sound_task,
)
from ..runtime.progress import Progress, silent
from ..runtime.ranking import Recall
from .floor_run import floor_of
from .train_config import TrainConfig
from .trainer import Trainer, check_folder
from .trainer.autocast import Settled
from .trainer.processes import Processes

BROKEN = "broken.txt"
"""What a run left out, one line each."""


class TrainReport(Artifact):
    """What came of a run."""

    scores: tuple[Recall, ...]
    """On held-out images, one a task and protocol; the first is the benchmark's own."""

    linear_floor_at_1: float | None
    """
    R@1 of a linear method on held-out pairs, each tile once (`floor_of`): fewer queries and tiles
    than `scores` count where tiles are shared; None where there are too many.
    """

    places_train: int
    """Places learned from."""

    broken: int
    """Rows and images left out with `--skip-broken`; broken.txt in the run's folder lists them."""

    absent: dict[str, int]
    """Pairs that the benchmark itself leaves out as an image is absent (CVACT), by split."""

    notes: tuple[str, ...]
    """What a reader of the scores should know."""

    device: str
    """Where it ran."""

    precision: Settled
    """What the backbone trained in."""

    processes: int
    """How many trained together."""

    main: bool
    """Whether this process wrote the run; only that one has a floor."""


def train_run(
    config: TrainConfig,
    data: Path,
    out: Path,
    *,
    resume: bool = False,
    skip_broken: bool = False,
    progress: Progress = silent,
) -> TrainReport:
    """
    Train on `data`, evaluate on its held-out split, write the checkpoint to `out`.

    Args:
        config: of the run.
        data: the data set.
        out: the run's folder; new, or with `resume` the run's own.
        resume: go on from the last saved state.
        skip_broken: read every image first, and leave out and list what cannot be used; without,
            a missing file is an error now and an unreadable one when it is met.
        progress: told about every image and step.

    Raises:
        ClnetError: unusable data or config, a folder that holds a run already, a loss that is
            not finite; see `Trainer`.

    """
    check_folder(out, config, resume)
    processes = Processes()
    faults = Faults(skip=skip_broken)
    dataset = open_dataset(
        data, config.layout, area=config.area, labels=config.labels, faults=faults
    )
    places = _places(dataset, faults, processes, progress)
    tasks = _tasks(dataset, faults, progress) if processes.main else ()
    trainer = Trainer(config, places, tasks, out, processes, progress)
    if processes.main and skip_broken:
        _list(faults, out)
    # before the training: what cannot be read is met now
    floor = floor_of(config, dataset, places, tasks) if processes.main else None
    scores = trainer.run(resume=resume)
    return TrainReport(
        scores=scores,
        linear_floor_at_1=floor,
        places_train=len(places),
        broken=len(faults.broken),
        absent=faults.absent,
        notes=tuple(trainer.notes),
        device=str(trainer.learner.device),
        precision=trainer.learner.precision,
        processes=processes.count,
        main=processes.main,
    )


def _places(
    dataset: Dataset, faults: Faults, processes: Processes, progress: Progress
) -> list[Place]:
    """Let the main process look at the images; the others take the places that it kept."""
    places, kept = dataset.places("train"), ""
    if processes.main:
        sound = sound_places(places, faults, decode=faults.skip, progress=progress)
        kept = json.dumps([place.id for place in sound])
    ids = frozenset(json.loads(processes.text_from_main(kept)))
    return [place for place in places if place.id in ids]


def _tasks(dataset: Dataset, faults: Faults, progress: Progress) -> list[Task]:
    return [
        sound_task(task, faults, decode=faults.skip, progress=progress)
        for task in dataset.tasks(dataset.held_out)
    ]


def _list(faults: Faults, out: Path) -> None:
    with file_written_aside(out / BROKEN) as aside:
        aside.write_text("".join(f"{line}\n" for line in faults.broken))
