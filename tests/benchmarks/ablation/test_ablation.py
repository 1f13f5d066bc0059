"""What an ablation refuses before it trains."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("timm", reason="timm is not installed")
pytest.importorskip("scipy", reason="scipy is not installed")

from clnet.benchmarks.ablation.ablation import Target, run_ablation
from clnet.runtime.errors import DataError
from clnet.training.train_config import TrainConfig


def test_a_data_set_to_transfer_to_is_read_before_the_first_run(tmp_path: Path) -> None:
    own, other, out = (tmp_path / name for name in ("own", "other", "runs"))

    with pytest.raises(DataError, match="other"):
        run_ablation(TrainConfig(steps=1), own, out, transfer=[Target(other, "cvusa")])

    assert not out.exists()
