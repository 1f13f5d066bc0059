"""A small training set on disk."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from clnet.runtime.datasets import Place

COUNT = 20


@pytest.fixture
def places(tmp_path: Path) -> list[Place]:
    """Places of random images, larger than what the small network takes."""
    random = np.random.default_rng(0)
    found = []
    for row in range(COUNT):
        ground, satellite = tmp_path / f"g{row}.png", tmp_path / f"s{row}.png"
        cv2.imwrite(str(ground), random.integers(0, 256, (40, 160, 3), np.uint8))
        cv2.imwrite(str(satellite), random.integers(0, 256, (80, 80, 3), np.uint8))
        found.append(Place(str(row), ground, satellite, row=f"train.csv row {row + 1}"))
    return found
