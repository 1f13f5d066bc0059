"""The loop learns, logs, and goes on exactly where it was cut off."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import ArtifactError, EmbeddingError, Preprocess
from clnet.training import trainer as trainer_module
from clnet.training.checkpoint import load_checkpoint
from clnet.training.pairs import PairedImages, ViewImages
from clnet.training.run_state import save_state
from clnet.training.train_config import TrainConfig
from clnet.training.trainer import Trainer


class Invented(ViewImages):
    """Images of random colours, the same in both views of a place."""

    def __init__(self, count: int, preprocess: Preprocess, seed: int) -> None:
        super().__init__([Path(str(row)) for row in range(count)], preprocess)
        colours = np.random.default_rng(seed).integers(0, 256, (count, 1, 1, 3), np.uint8)
        shape = (count, preprocess.height, preprocess.width, 3)
        self._cache = np.broadcast_to(colours, shape).copy()


@pytest.fixture
def config(small: Any) -> TrainConfig:
    network = small(batch_norm=True, maps={"converter": {"width": 8}})
    return TrainConfig(network=network, steps=6, batch_size=8, warmup_steps=2, save_every=2)


def pairs(config: TrainConfig, count: int, seed: int) -> PairedImages:
    network = config.network
    return PairedImages(
        Invented(count, network.ground, seed), Invented(count, network.satellite, seed)
    )


def trainer(config: TrainConfig, out: Path) -> Trainer:
    return Trainer(config, pairs(config, 24, seed=0), pairs(config, 12, seed=1), out)


def weights(folder: Path) -> dict[str, "torch.Tensor"]:
    return load_checkpoint(folder).network.state_dict()


def test_a_run_writes_a_checkpoint_and_a_log(config: TrainConfig, tmp_path: Path) -> None:
    score = trainer(config, tmp_path).run()

    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-2]["step"] == 6
    assert rows[-2]["loss"] > 0
    assert rows[-1]["recall_at_1"] == score.recall_at_1
    assert weights(tmp_path)


def test_a_run_that_was_killed_and_resumed_ends_with_the_same_weights(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer(config, tmp_path / "whole").run()

    def killed_after_saving(*arguments: Any) -> None:
        save_state(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(trainer_module, "save_state", killed_after_saving)
    with pytest.raises(KeyboardInterrupt):
        trainer(config, tmp_path / "cut").run()
    monkeypatch.undo()
    trainer(config, tmp_path / "cut").run(resume=True)

    whole, cut = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert all(torch.equal(whole[name], cut[name]) for name in whole)


def test_resuming_under_another_config_is_refused(config: TrainConfig, tmp_path: Path) -> None:
    started = trainer(config, tmp_path)
    save_state(tmp_path, 2, config, started.network, started._optimizer)

    with pytest.raises(ArtifactError, match="saved under another config"):
        trainer(config.model_copy(update={"seed": 9}), tmp_path).run(resume=True)


def test_there_is_nothing_to_resume_in_a_finished_run(config: TrainConfig, tmp_path: Path) -> None:
    trainer(config, tmp_path).run()

    with pytest.raises(ArtifactError, match="is a finished run"):
        trainer(config, tmp_path).run(resume=True)


def test_a_folder_that_holds_a_run_is_not_overwritten(config: TrainConfig, tmp_path: Path) -> None:
    trainer(config, tmp_path).run()

    with pytest.raises(ArtifactError, match="holds a run already"):
        trainer(config, tmp_path).run()


def test_a_run_that_was_cut_before_its_first_save_begins_anew(
    config: TrainConfig, tmp_path: Path
) -> None:
    (tmp_path / "log.jsonl").write_text('{"step": 1}\n')
    (tmp_path / "train.json").write_text("{}")

    trainer(config, tmp_path).run()

    steps = [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert 1 not in steps


def test_a_loss_that_is_not_finite_stops_the_run(config: TrainConfig, tmp_path: Path) -> None:
    broken = trainer(config, tmp_path)
    with torch.no_grad():
        broken.network.logit_scale.fill_(float("nan"))

    with pytest.raises(EmbeddingError, match="loss is nan at step 0"):
        broken.run()


def test_bf16_trains_too(config: TrainConfig, tmp_path: Path) -> None:
    trainer(config.model_copy(update={"precision": "bf16"}), tmp_path).run()

    assert weights(tmp_path)


@pytest.mark.slow
def test_the_loop_learns_to_tell_colours_apart(config: TrainConfig, tmp_path: Path) -> None:
    longer = config.model_copy(update={"steps": 60, "augmentation": _no_colour_changes(config)})

    score = trainer(longer, tmp_path).run()

    assert score.recall_at_1 > 50


def _no_colour_changes(config: TrainConfig) -> Any:
    none = {"brightness": 0.0, "contrast": 0.0, "saturation": 0.0, "tint": 0.0}
    return config.augmentation.model_copy(update=none)
