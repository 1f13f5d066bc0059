"""Each config of the project builds its network and takes one step, on two invented pairs."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.training.network import CLNet
from clnet.training.train_config import TrainConfig, read_train_config
from clnet.training.trainer.learner import Learner
from clnet.training.trainer.processes import Processes

CONFIGS = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))
ONE_BLOCK_A_STAGE = {"depths": [1, 1, 1, 1]}  # sizes and maps stay, most of the time goes
SMALL = {"demo", "ablation", "town-cvact", "town-university1652", "town-vigor"}


def step(config: TrainConfig) -> float:
    learner = Learner(config, Processes())
    images = (
        torch.randn(2, 3, view.height, view.width)
        for view in (config.network.ground, config.network.satellite)
    )
    return learner.step(0, config.learning_rate, *images).loss


@pytest.mark.parametrize("name", sorted(SMALL))
def test_a_small_config_takes_a_step(name: str) -> None:
    (path,) = (path for path in CONFIGS if path.stem == name)

    assert step(read_train_config(path)) > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", [path for path in CONFIGS if path.stem not in SMALL], ids=lambda path: path.stem
)
def test_a_config_of_a_benchmark_takes_a_step(path: Path) -> None:
    config = read_train_config(path)

    assert config.network.backbone == "convnext_tiny"
    with torch.device("meta"):
        CLNet(config.network)
    shallow = config.network.model_copy(update={"backbone_options": ONE_BLOCK_A_STAGE})
    assert step(config.changed(precision="fp32", network=shallow)) > 0
