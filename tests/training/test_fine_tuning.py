"""A run may start from a checkpoint: from its own kind, or from a baseline that gains maps."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import ArtifactError, Preprocess
from clnet.training.checkpoint import load_checkpoint, save_checkpoint, start_from
from clnet.training.cli import train
from clnet.training.network import CLNet
from clnet.training.pairs import PairedImages, ViewImages
from clnet.training.train_config import TrainConfig, read_train_config
from clnet.training.trainer import Trainer


class Noise(ViewImages):
    def __init__(self, count: int, preprocess: Preprocess) -> None:
        super().__init__([Path(str(row)) for row in range(count)], preprocess)
        shape = (count, preprocess.height, preprocess.width, 3)
        self._cache = np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def trainer(config: TrainConfig, out: Path) -> Trainer:
    pairs = PairedImages(Noise(24, config.network.ground), Noise(24, config.network.satellite))
    return Trainer(config, pairs, pairs, out)


@pytest.fixture
def baseline(small: Any, tmp_path: Path) -> Path:
    save_checkpoint(tmp_path / "baseline", CLNet(small(maps=None)), steps=5)
    return tmp_path / "baseline"


def weights(folder: Path) -> dict[str, "torch.Tensor"]:
    return load_checkpoint(folder).network.state_dict()


def test_the_first_step_sees_the_weights_of_the_checkpoint(
    small: Any, baseline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = TrainConfig(network=small(maps=None), init=baseline, steps=2, batch_size=8)
    seen: list[dict[str, Any]] = []
    step = Trainer._step

    def spying(self: Trainer, number: int, batch: Any) -> float:
        seen.append({name: t.clone() for name, t in self.network.state_dict().items()})
        return step(self, number, batch)

    monkeypatch.setattr(Trainer, "_step", spying)
    trainer(config, tmp_path / "run").run()

    given, trained = weights(baseline), weights(tmp_path / "run")
    assert all(torch.equal(seen[0][name], given[name]) for name in given)
    assert not torch.equal(trained["logit_scale"], given["logit_scale"])


def test_a_run_from_a_checkpoint_resumes_with_the_same_weights(
    small: Any, baseline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = TrainConfig(
        network=small(maps=None), init=baseline, steps=4, batch_size=8, save_every=2
    )
    trainer(config, tmp_path / "whole").run()
    after = Trainer._after_step

    def killed(self: Trainer, done: int, *figures: float) -> None:
        after(self, done, *figures)
        if done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "_after_step", killed)
    with pytest.raises(KeyboardInterrupt):
        trainer(config, tmp_path / "cut").run()
    monkeypatch.undo()
    trainer(config, tmp_path / "cut").run(resume=True)

    whole, cut = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert all(torch.equal(whole[name], cut[name]) for name in whole)


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
