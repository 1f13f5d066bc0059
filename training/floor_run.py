"""The linear floor of a run's data."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ..runtime.cores import usable_cores
from ..runtime.datasets import Dataset, Place, Task, one_a_tile
from ..runtime.images import read_image
from ..runtime.panorama import NORTH_CENTRED
from ..runtime.preprocess import Preprocess
from ..runtime.read_ahead import read_ahead
from .floor import BY_COLOUR, BY_DIRECTION, linear_floor
from .train_config import TrainConfig

FITTED = 5000
"""Training places that the floor is fitted on, at most."""

MAX_PLACES = 10_000
"""Held-out places of more than which no floor is given: its similarities stand in one matrix."""


def floor_of(
    config: TrainConfig, dataset: Dataset, train: Sequence[Place], tasks: Sequence[Task]
) -> float | None:
    """
    Return the linear floor's R@1, in percent, on held-out pairs in which each tile stands once.

    Where tiles are shared (VIGOR, University-1652) a benchmark asks more queries than that, and
    among more tiles: the floor is then kinder than the scores beside it.

    Args:
        config: of the run; says how the images look.
        dataset: whose held-out split is asked.
        train: places to fit on.
        tasks: of the held-out split; an image that is in none of them was found broken.

    Returns:
        By direction where ground images are north-centred panoramas of 360 degrees, by colour
        alone where they are not (University-1652's drone); None for more than `MAX_PLACES` places.

    """
    network = config.network
    sound = {one.path for task in tasks for side in (task.queries, task.gallery) for one in side}
    places = [
        place
        for place in one_a_tile(dataset.places(dataset.held_out))
        if {place.ground, place.satellite} <= sound
    ]
    if not 0 < len(places) <= MAX_PLACES:
        return None
    fitted = one_a_tile(list(train))[:FITTED]
    return linear_floor(
        _small([place.ground for place in fitted], network.ground),
        _small([place.satellite for place in fitted], network.satellite),
        _small([place.ground for place in places], network.ground),
        _small([place.satellite for place in places], network.satellite),
        BY_DIRECTION if network.ground.panorama == NORTH_CENTRED else BY_COLOUR,
    )


def _small(paths: Sequence[Path], preprocess: Preprocess) -> NDArray[np.uint8]:
    """Shrink to 64 rows: the floor reads mean colours, and full images would fill the memory."""
    shrink = max(1, preprocess.height // 64)
    size = preprocess.width // shrink, preprocess.height // shrink

    def read(path: Path) -> NDArray[np.uint8]:
        fitted = preprocess.fit(read_image(path))
        return np.asarray(cv2.resize(fitted, size, interpolation=cv2.INTER_AREA), np.uint8)

    cores = usable_cores()
    return np.stack(list(read_ahead(read, paths, threads=cores, ahead=4 * cores)))
