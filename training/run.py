"""One training run, from a folder of images to a checkpoint and its score."""

from pathlib import Path

import cv2
import numpy as np
from pydantic import Field

from ..runtime.artifact import Artifact
from ..runtime.datasets import Place, read_places
from ..runtime.progress import Progress, silent
from ..runtime.ranking import Recall
from .autocast import Settled
from .floor import linear_floor
from .pairs import Images, PairedImages, ViewImages, paired_images
from .run_state import check_folder
from .train_config import TrainConfig
from .trainer import Trainer


class TrainReport(Artifact):
    """What came of a run."""

    recall: Recall
    """On the held-out places."""

    linear_floor_at_1: float = Field(ge=0, le=100)
    """R@1 of a linear method on the same places: what a score has to be read against."""

    places_train: int
    """Places learned from."""

    device: str
    """Where it ran."""

    precision: Settled
    """What the backbone trained in."""


def train_run(
    config: TrainConfig,
    data: Path,
    out: Path,
    *,
    resume: bool = False,
    progress: Progress = silent,
) -> TrainReport:
    """
    Train on `data`, evaluate on its held-out split, write the checkpoint to `out`.

    Raises:
        ClnetError: unusable data or config, a folder that holds a run already, a loss that is
            not finite; see `paired_images` and `Trainer.run`.

    """
    check_folder(out, resume)
    train = _pairs(read_places(data, config.layout, "train"), config, progress)
    held_out = _pairs(read_places(data, config.layout), config, progress)
    trainer = Trainer(config, train, held_out, out)
    score = trainer.run(resume=resume, progress=progress)
    return TrainReport(
        recall=score,
        linear_floor_at_1=floor_of(train, held_out),
        places_train=len(train),
        device=str(trainer.device),
        precision=trainer.precision,
    )


def floor_of(train: PairedImages, held_out: PairedImages) -> float:
    """Return the linear floor's R@1, in percent, fitted on up to 5,000 training places."""
    fitted = min(len(train), 5000)
    return linear_floor(
        _small(train.ground, fitted),
        _small(train.satellite, fitted),
        _small(held_out.ground, len(held_out)),
        _small(held_out.satellite, len(held_out)),
    )


def _small(images: ViewImages, count: int) -> Images:
    """Shrink to 64 rows: the floor reads mean colours, and full images would fill the memory."""
    shrink = max(1, images.preprocess.height // 64)
    size = images.preprocess.width // shrink, images.preprocess.height // shrink
    small = []
    for first in range(0, count, 256):
        for image in images.load(np.arange(first, min(first + 256, count))):
            small.append(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    return np.stack(small).astype(np.uint8)


def _pairs(places: list[Place], config: TrainConfig, progress: Progress) -> PairedImages:
    return paired_images(places, config.network, cache_mib=config.cache_mib, progress=progress)
