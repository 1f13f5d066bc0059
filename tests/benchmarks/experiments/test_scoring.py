"""Held-out places of another data set than a run's own."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("timm", reason="timm is not installed")

from clnet.benchmarks.experiments.scoring import HeldOut
from clnet.training.train_config import TrainConfig


def test_vigors_division_says_nothing_of_another_layout(tmp_path: Path) -> None:
    rows = [f"bingmap/19/{n:07}.jpg,streetview/panos/{n:07}.jpg,-\n" for n in (1, 2)]
    (tmp_path / "splits").mkdir()
    (tmp_path / "splits" / "val-19zl.csv").write_text("".join(rows))
    config = TrainConfig(layout="vigor", area="cross", labels="corrected", steps=1)

    assert len(HeldOut(tmp_path, config, layout="cvusa")) == 2
