"""Places of one colour each, as files, and a task that asks for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from coloured import coloured_places

from clnet.runtime.datasets import Place, Task
from clnet.runtime.datasets.paired_task import paired_task


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
