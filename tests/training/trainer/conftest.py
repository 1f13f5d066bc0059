"""Places of one colour each, as files, and a task that asks for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from clnet.runtime.datasets import Place, Task
from clnet.runtime.datasets.paired_task import paired_task


def coloured_places(folder: Path, count: int, seed: int) -> list[Place]:
    """Write `count` pairs; the two images of a place are of one colour, places lie 100 m apart."""
    folder.mkdir(parents=True, exist_ok=True)
    colours = np.random.default_rng(seed).integers(0, 256, (count, 1, 1, 3), np.uint8)
    places = []
    for row, colour in enumerate(colours):
        ground, satellite = folder / f"{row}-ground.png", folder / f"{row}-tile.png"
        cv2.imwrite(str(ground), np.broadcast_to(colour, (32, 128, 3)))
        cv2.imwrite(str(satellite), np.broadcast_to(colour, (64, 64, 3)))
        where = {"latitude": 47.0 + row / 1000, "longitude": 8.0, "row": f"list.csv row {row + 1}"}
        places.append(Place(str(row), ground, satellite, **where))
    return places


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Place]:
    """24 to learn from."""
    return coloured_places(tmp_path_factory.mktemp("coloured"), 24, seed=0)


@pytest.fixture(scope="session")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    """12 that are held out."""
    held_out = coloured_places(tmp_path_factory.mktemp("held-out"), 12, seed=1)
    return paired_task("colours", held_out)


@pytest.fixture
def config(small: Any) -> Any:
    """Six steps, two epochs of three batches; saved every two."""
    from clnet.training.train_config import TrainConfig

    network = small(batch_norm=True, maps={"converter": {"width": 8}})
    return TrainConfig(network=network, steps=6, batch_size=8, warmup_steps=2, save_every=2)


@pytest.fixture
def trainer(places: list[Place], task: Task) -> Callable[..., Any]:
    """Build a trainer of a config into a folder."""
    from clnet.training.trainer import Trainer

    def build(config: Any, out: Path) -> Any:
        return Trainer(config, places, [task], out)

    return build
