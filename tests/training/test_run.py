"""A run from a folder of images: what is broken is refused, or left out and listed."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from safetensors.torch import load_file

from clnet.runtime import DataError
from clnet.training.run import train_run
from clnet.training.train_config import TrainConfig


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """CVUSA's layout: 12 pairs to learn from and 6 held out, of one colour each."""
    root = tmp_path / "data"
    random = np.random.default_rng(0)
    for split, first, count in (("train", 1, 12), ("val", 13, 6)):
        rows = []
        for number in range(first, first + count):
            tile, panorama = f"bingmap/19/{number:07}.jpg", f"streetview/panos/{number:07}.jpg"
            colour = random.integers(0, 256, (1, 1, 3), np.uint8)
            for name, shape in ((tile, (64, 64, 3)), (panorama, (32, 128, 3))):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                cv2.imwrite(str(root / name), np.broadcast_to(colour, shape))
            rows.append(f"{tile},{panorama},streetview/annotations/{number:07}.png\n")
        (root / "splits").mkdir(exist_ok=True)
        (root / "splits" / f"{split}-19zl.csv").write_text("".join(rows))
    return root


@pytest.fixture
def config(small: Any) -> TrainConfig:
    return TrainConfig(network=small(batch_norm=True, maps=None), steps=2, batch_size=4)


def break_two(data: Path) -> None:
    (data / "streetview/panos/0000003.jpg").unlink()
    truncated = data / "bingmap/19/0000014.jpg"
    truncated.write_bytes(truncated.read_bytes()[:-300])


def test_a_missing_image_is_refused_before_a_run_begins(
    config: TrainConfig, data: Path, tmp_path: Path
) -> None:
    break_two(data)

    with pytest.raises(DataError, match=r"train-19zl.csv row 3.*0000003\.jpg.*--skip-broken"):
        train_run(config, data, tmp_path / "run")

    assert not (tmp_path / "run").exists()


def test_what_is_broken_is_left_out_and_listed(
    config: TrainConfig, data: Path, tmp_path: Path
) -> None:
    break_two(data)

    report = train_run(config, data, tmp_path / "run", skip_broken=True)

    listed = (tmp_path / "run" / "broken.txt").read_text()
    assert "0000003.jpg does not exist" in listed
    assert "0000014.jpg" in listed
    assert report.broken == len(listed.splitlines())
    assert report.places_train == 11
    assert report.scores[0].queries == 5


def test_a_run_reports_its_scores_and_the_linear_floor(
    config: TrainConfig, data: Path, tmp_path: Path
) -> None:
    report = train_run(config, data, tmp_path / "run")

    assert report.scores[0].task == "CVUSA val"
    assert report.linear_floor_at_1 is not None
    assert not (tmp_path / "run" / "broken.txt").exists()


def test_the_average_is_what_is_kept(config: TrainConfig, data: Path, tmp_path: Path) -> None:
    train_run(config, data, tmp_path / "plain")
    train_run(config.changed(ema_decay=0.999999), data, tmp_path / "average")

    plain, average = (
        load_file(tmp_path / name / "model.safetensors") for name in ("plain", "average")
    )
    assert plain.keys() == average.keys()
    assert not torch.equal(plain["logit_scale"], average["logit_scale"])
