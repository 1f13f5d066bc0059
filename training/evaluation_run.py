"""A checkpoint or a bundle asked what a benchmark asks, by each of its protocols."""

from functools import partial
from pathlib import Path
from typing import Literal

from ..runtime.artifact import Artifact
from ..runtime.bundle import Bundle, Precision
from ..runtime.bundle_evaluation import evaluate_bundle
from ..runtime.datasets import (
    Area,
    Dataset,
    Faults,
    Labels,
    Layout,
    Split,
    Task,
    open_dataset,
    sound_task,
)
from ..runtime.errors import ConfigError
from ..runtime.progress import Progress, silent
from ..runtime.ranking import Recall, recall_text

LISTED = 10
"""Images left out that a text names; the JSON names all."""


class Evaluation(Artifact):
    """What a network scores on one split."""

    layout: Layout
    """The benchmark."""

    split: Split
    """Which part of it."""

    scores: tuple[Recall, ...]
    """One a protocol of each task; the first is the benchmark's own."""

    left_out: tuple[str, ...] = ()
    """What could not be used and was left out, one line each."""

    absent: int = 0
    """Pairs that the benchmark lists without an image (CVACT), left out as everyone does."""

    def text(self) -> str:
        """Name every task and protocol, with its figures, and what was left out."""
        lines = [recall_text(self.scores)]
        if self.absent:
            lines.append(f"pairs without an image, as in the benchmark itself: {self.absent}")
        if self.left_out:
            lines.append(f"left out because broken: {len(self.left_out)}")
            lines += [f"  {line}" for line in self.left_out[:LISTED]]
        if len(self.left_out) > LISTED:
            lines.append(f"  and {len(self.left_out) - LISTED} more; --json FILE lists all")
        return "\n".join(lines)


def evaluation_run(
    *,
    checkpoint: Path | None,
    bundle: Path | None,
    data: Path,
    layout: Layout,
    split: Split | None = None,
    area: Area = "same",
    labels: Labels = "original",
    skip_broken: bool = False,
    maps: Literal["learned", "uniform"] = "learned",
    precision: Precision | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """
    Ask a network every task of a split, and count by every protocol.

    Args:
        checkpoint: a run's folder; needs torch. Exactly one of this and `bundle`.
        bundle: a bundle's folder; runs on ONNX Runtime, without torch.
        data: the data set.
        layout: how it lies on disk.
        split: which pictures; None for the held-out ones.
        area: VIGOR's division.
        labels: VIGOR's label files.
        skip_broken: leave out rows and images that cannot be used, and list them; each image is
            then decoded twice. Otherwise the first one is an error.
        maps: `uniform` flattens the neural maps (of a checkpoint only).
        precision: the bundle's graph; None takes fp32, as every backend on a CPU.
        progress: told about every image.

    Raises:
        ConfigError: an option that the kind of network does not have.
        ClnetError: unusable data, checkpoint or bundle.

    """
    _check_options(checkpoint, bundle, maps, precision)
    faults = Faults(skip=skip_broken)
    dataset = open_dataset(data, layout, area=area, labels=labels, faults=faults)
    split = split or dataset.held_out
    tasks = _sound_tasks(dataset, split, faults, progress)
    if bundle is not None:
        ask = partial(evaluate_bundle, Bundle.open(bundle), precision=precision)
        scores = [ask(task, progress=progress) for task in tasks]
    else:
        assert checkpoint is not None
        scores = _scores_of_checkpoint(checkpoint, tasks, maps == "uniform", progress)
    return Evaluation(
        layout=layout,
        split=split,
        scores=tuple(score for of_task in scores for score in of_task),
        left_out=faults.broken,
        absent=faults.absent.get(split, 0),
    )


def _check_options(
    checkpoint: Path | None, bundle: Path | None, maps: str, precision: Precision | None
) -> None:
    if (checkpoint is None) == (bundle is None):
        raise ConfigError("give one of --checkpoint and --bundle: each is asked by itself")
    if bundle is not None and maps == "uniform":
        raise ConfigError("a bundle's maps are folded into its graphs: use --checkpoint")
    if bundle is None and precision is not None:
        raise ConfigError("--precision chooses among a bundle's graphs: a checkpoint has none")


def _sound_tasks(dataset: Dataset, split: Split, faults: Faults, progress: Progress) -> list[Task]:
    tasks = dataset.tasks(split)
    return [sound_task(task, faults, decode=faults.skip, progress=progress) for task in tasks]


def _scores_of_checkpoint(
    checkpoint: Path, tasks: list[Task], flat: bool, progress: Progress
) -> list[tuple[Recall, ...]]:
    from .checkpoint import load_checkpoint
    from .evaluation import evaluate
    from .reweighing import uniform

    network = load_checkpoint(checkpoint).network
    reweigh = uniform if flat else None
    return [evaluate(network, task, reweigh=reweigh, progress=progress) for task in tasks]
