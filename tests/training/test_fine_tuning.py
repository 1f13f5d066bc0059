"""A run may start from a checkpoint: from its own kind, or from a baseline that gains maps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from coloured import coloured_places

from clnet.runtime import ArtifactError
from clnet.runtime.datasets import Place
from clnet.runtime.datasets.paired_task import paired_task
from clnet.training.checkpoint import load_checkpoint, save_checkpoint, start_from
from clnet.training.cli import train
from clnet.training.network import CLNet
from clnet.training.train_config import TrainConfig, read_train_config
from clnet.training.trainer import Trainer


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Place]:
    return coloured_places(tmp_path_factory.mktemp("coloured"), 24, seed=0)


@pytest.fixture
def trainer(places: list[Place]) -> Callable[[TrainConfig, Path], Trainer]:
    return lambda config, out: Trainer(config, places, [paired_task("colours", places)], out)


@pytest.fixture
def baseline(small: Any, tmp_path: Path) -> Path:
    save_checkpoint(tmp_path / "baseline", CLNet(small(maps=None)), steps=5)
    return tmp_path / "baseline"


def weights(folder: Path) -> dict[str, "torch.Tensor"]:
    return load_checkpoint(folder).network.state_dict()


def test_training_begins_with_the_weights_of_the_checkpoint(
    small: Any, baseline: Path, trainer: Callable[[TrainConfig, Path], Trainer], tmp_path: Path
) -> None:
    config = TrainConfig(
        network=small(maps=None), init=baseline, steps=1, batch_size=8, learning_rate=1e-12
    )

    trainer(config, tmp_path / "run").run()

    given, trained = weights(baseline), weights(tmp_path / "run")
    assert all(torch.allclose(trained[name], given[name], atol=1e-9) for name in given)


def test_the_average_begins_with_the_weights_of_the_checkpoint(
    small: Any, baseline: Path, trainer: Callable[[TrainConfig, Path], Trainer], tmp_path: Path
) -> None:
    config = TrainConfig(
        network=small(maps=None), init=baseline, steps=1, batch_size=8, ema_decay=0.999999
    )

    trainer(config, tmp_path / "run").run()

    given, trained = weights(baseline), weights(tmp_path / "run")
    assert all(torch.allclose(trained[name], given[name], atol=1e-6) for name in given)


def test_a_baseline_becomes_a_clnet_whose_maps_start_new(small: Any, baseline: Path) -> None:
    network = CLNet(small(maps={"converter": {"width": 8}}))
    maps = network.maps[0].ground_map.clone()

    start_from(network, baseline)

    own, given = network.state_dict(), weights(baseline)
    assert all(torch.equal(own[name], given[name]) for name in given)
    assert torch.equal(network.maps[0].ground_map, maps)


def test_a_checkpoint_of_another_backbone_is_refused_with_the_remedy(
    small: Any, baseline: Path
) -> None:
    options = {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 16, 24, 40]}

    with pytest.raises(ArtifactError, match=r"has other shapes for .*config\.json states"):
        start_from(CLNet(small(maps=None, backbone_options=options)), baseline)


def test_a_checkpoint_whose_maps_would_be_lost_is_refused(small: Any, tmp_path: Path) -> None:
    save_checkpoint(tmp_path, CLNet(small()), steps=5)

    with pytest.raises(ArtifactError, match=r"has unknown maps\.0"):
        start_from(CLNet(small(maps=None)), tmp_path)


def test_a_folder_without_a_checkpoint_is_refused(small: Any, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="is no checkpoint"):
        start_from(CLNet(small()), tmp_path)


@pytest.fixture
def config_file(small: Any, tmp_path: Path) -> Path:
    """One step that hardly moves a weight."""
    config = TrainConfig(network=small(maps=None), steps=1, batch_size=8, learning_rate=1e-12)
    (tmp_path / "config.yaml").write_text(config.model_dump_json())
    return tmp_path / "config.yaml"


def run_train(*arguments: object) -> Result:
    return CliRunner().invoke(train, [str(one) for one in arguments])


@pytest.mark.slow
def test_the_command_starts_from_a_checkpoint_and_notes_it(
    config_file: Path, baseline: Path, town: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"

    result = run_train("--config", config_file, "--init", baseline, "--data", town, "--out", out)

    assert result.exit_code == 0, result.output
    assert read_train_config(out / "train.json").init == baseline
    given, trained = weights(baseline), weights(out)
    assert all(torch.allclose(trained[name], given[name], atol=1e-6) for name in given)


@pytest.mark.slow
def test_the_command_refuses_to_start_from_something_else_and_leaves_no_run(
    config_file: Path, town: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"

    result = run_train("--config", config_file, "--init", town, "--data", town, "--out", out)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {town} is no checkpoint")
    assert len(result.stderr.splitlines()) == 1
    assert not out.exists()
