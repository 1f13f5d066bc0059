"""Runs of an experiment: finished ones are read, interrupted ones go on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

for _module in ("torch", "timm", "safetensors"):
    pytest.importorskip(_module, reason=f"{_module} is not installed")

from clnet.benchmarks.experiments.runs import RECORD, trained
from clnet.runtime.errors import ArtifactError
from clnet.runtime.progress import Advance
from clnet.training.train_config import TrainConfig

pytestmark = pytest.mark.slow

CONFIG = TrainConfig.model_validate(
    {
        "network": {
            "backbone": "convnext_atto",
            "backbone_options": {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 8, 8, 8]},
            "batch_norm": True,
            "ground": {"view": "ground", "height": 32, "width": 128, "panorama": {}},
            "satellite": {"view": "satellite", "height": 64, "width": 64},
        },
        "steps": 4,
        "batch_size": 8,
        "save_every": 1,
    }
)


class PulledPlug(Exception):
    """Stands for a process that was killed."""


@contextmanager
def pulled_at_the_third_step(
    label: str, total: int | None, unit: str = "images"
) -> Iterator[Advance]:
    steps = 0

    def advance(count: int = 1, **figures: float) -> None:
        nonlocal steps
        steps += count if figures else 0
        if label == "train" and steps == 3:
            raise PulledPlug

    yield advance


def test_an_interrupted_run_goes_on_and_ends_with_the_same_weights(
    town: Path, tmp_path: Path
) -> None:
    with pytest.raises(PulledPlug):
        trained(CONFIG, town, tmp_path / "cut", pulled_at_the_third_step)
    assert not (tmp_path / "cut" / RECORD).exists()

    cut, whole = (trained(CONFIG, town, tmp_path / name) for name in ("cut", "whole"))

    assert cut.artifacts == whole.artifacts
    assert cut.record.score == whole.record.score
    assert cut.record.seconds is None  # of a part of the run they would mislead
    assert whole.record.seconds is not None
    assert (cut.steps, whole.steps) == (4, 4)


def test_a_data_set_made_anew_under_the_same_name_is_another_one(
    town: Path, tmp_path: Path
) -> None:
    trained(CONFIG, town, tmp_path / "run")
    anew = shutil.copytree(town, tmp_path / "anew" / town.name)
    last = sorted((anew / "bingmap" / "19").iterdir())[-1]
    last.write_bytes(last.read_bytes() + b"0")

    with pytest.raises(ArtifactError, match="was trained on"):
        trained(CONFIG, anew, tmp_path / "run")


def test_a_run_trained_by_hand_is_scored_and_taken(town: Path, tmp_path: Path) -> None:
    by_us = trained(CONFIG, town, tmp_path / "run")
    (tmp_path / "run" / RECORD).unlink()

    by_hand = trained(CONFIG, town, tmp_path / "run")

    assert by_hand.record.score.recall_at_1 == by_us.record.score.recall_at_1
    assert by_hand.record.linear_floor_at_1 is None
