"""JPEG files to measure with: made up, but as large and as hard to decode as photographs."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...runtime.atomic import directory_written_aside

JPEG_QUALITY = 90

_OCTAVES = 6
_FINEST_CELL = 2


def write_photographs(folder: Path, count: int, width: int, height: int, seed: int = 0) -> None:
    """
    Write `00000.jpg` and so on.

    Each is noise of equal strength on scales that double, from 2 pixels on: the spectrum of
    natural images (amplitude falling as one by frequency; D. J. Field, "Relations between the
    statistics of natural images", 1987), which decides a JPEG's size.

    Args:
        folder: made by this; must not hold anything.
        count: files.
        width: of each, in pixels.
        height: of each, in pixels.
        seed: of the first one; the others count up.

    Raises:
        ArtifactError: the folder cannot be written.

    """
    with directory_written_aside(folder) as aside:
        for n in range(count):
            picture = photograph(width, height, seed + n)
            data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
            (aside / f"{n:05}.jpg").write_bytes(data.tobytes())


def photograph(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """Draw one: [height, width, 3] uint8."""
    chance = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for octave in range(_OCTAVES):
        cell = _FINEST_CELL << octave
        shape = (height // cell + 1, width // cell + 1, 3)
        coarse = chance.standard_normal(shape, dtype=np.float32)
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(128 + 24 * total, 0, 255), np.uint8)
