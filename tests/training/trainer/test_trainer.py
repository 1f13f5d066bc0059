"""The loop learns, logs, and refuses what it cannot do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import ArtifactError, ConfigError, EmbeddingError
from clnet.runtime.errors import DataError
from clnet.training.augmentation import AugmentationConfig
from clnet.training.checkpoint import load_checkpoint
from clnet.training.train_config import TrainConfig
from clnet.training.trainer import Trainer

Build = Callable[[TrainConfig, Path], Trainer]


def weights(folder: Path) -> dict[str, "torch.Tensor"]:
    return load_checkpoint(folder).network.state_dict()


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_a_run_writes_a_checkpoint_and_a_log(
    config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    scores = trainer(config, tmp_path).run()

    figures, score = rows(tmp_path)[-2:]
    assert figures["step"] == 6
    assert figures["loss"] > 0
    assert figures["gradient_norm"] > 0
    assert score["task"] == "colours"
    assert score["recall_at_1"] == scores[0].recall_at_1
    assert weights(tmp_path)


def test_a_run_of_epochs_takes_every_batch_of_them(
    config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    epochs = config.changed(steps=None, epochs=2, evaluate_every_epochs=1)

    trainer(epochs, tmp_path).run()

    evaluated = [row["step"] for row in rows(tmp_path) if "recall_at_1" in row]
    assert evaluated == [3, 6]


def test_a_finished_run_is_neither_resumed_nor_overwritten(
    config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    trainer(config, tmp_path).run()

    with pytest.raises(ArtifactError, match="is a finished run"):
        trainer(config, tmp_path).run(resume=True)
    with pytest.raises(ArtifactError, match="holds a run already"):
        trainer(config, tmp_path).run()


def test_a_folder_without_a_run_cannot_be_resumed(
    config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    with pytest.raises(ArtifactError, match=r"holds no train\.json"):
        trainer(config, tmp_path).run(resume=True)


def test_a_run_that_was_cut_before_its_first_save_begins_anew(
    config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    (tmp_path / "log.jsonl").write_text('{"step": 1}\n')
    (tmp_path / "train.json").write_text("{}")

    trainer(config, tmp_path).run()

    assert 1 not in [row["step"] for row in rows(tmp_path)]


def test_a_loss_that_is_not_finite_stops_the_run(
    config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    broken = trainer(config, tmp_path)
    with torch.no_grad():
        broken.learner.network.logit_scale.fill_(float("nan"))

    with pytest.raises(EmbeddingError, match="loss is nan at step 0"):
        broken.run()


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precisions_train_too(
    precision: str, config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    trainer(config.changed(precision=precision), tmp_path).run()

    assert weights(tmp_path)


def test_features_computed_again_give_the_same_weights(
    config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    trainer(config, tmp_path / "kept").run()
    trainer(config.changed(gradient_checkpointing=True), tmp_path / "again").run()

    kept, again = weights(tmp_path / "kept"), weights(tmp_path / "again")
    assert all(torch.equal(kept[name], again[name]) for name in kept)


def test_a_backbone_that_cannot_compute_features_again_is_refused(
    config: TrainConfig, trainer: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from timm.models.convnext import ConvNeXt

    monkeypatch.delattr(ConvNeXt, "set_grad_checkpointing")

    with pytest.raises(ConfigError, match="set gradient_checkpointing: false"):
        trainer(config.changed(gradient_checkpointing=True), tmp_path)


def test_an_unreadable_image_stops_the_run_by_file_and_row(
    config: TrainConfig, places: list[Any], task: Any, tmp_path: Path
) -> None:
    from dataclasses import replace

    truncated = tmp_path / "truncated.png"
    truncated.write_bytes(places[3].ground.read_bytes()[:40])
    broken = [*places[:3], replace(places[3], ground=truncated), *places[4:]]

    with pytest.raises(DataError, match=r"list\.csv row 4: .*truncated\.png.*--skip-broken"):
        Trainer(config, broken, [task], tmp_path / "run").run()


@pytest.mark.slow
def test_the_loop_learns_to_tell_colours_apart(
    config: TrainConfig, trainer: Build, tmp_path: Path
) -> None:
    plain = AugmentationConfig(jitter_probability=0, dropout_probability=0)

    scores = trainer(config.changed(steps=60, augmentation=plain), tmp_path).run()

    assert scores[0].recall_at_1 > 50
