"""Smooth random textures on a raster."""

import cv2
import numpy as np
from numpy.typing import NDArray


def value_noise(rng: np.random.Generator, cells: int, period_cells: float) -> NDArray[np.float32]:
    """
    Smooth noise of one scale.

    Args:
        rng: source of chance.
        cells: side of the square raster.
        period_cells: distance between independent values, in cells.

    Returns:
        [cells, cells] float32 of about zero mean and unit variance at its knots.

    """
    knots = max(2, round(cells / period_cells) + 1)
    coarse = rng.standard_normal((knots, knots), dtype=np.float32)
    return np.asarray(cv2.resize(coarse, (cells, cells), interpolation=cv2.INTER_CUBIC), np.float32)


def grain(rng: np.random.Generator, cells: int) -> NDArray[np.float32]:
    """
    Texture of natural ground: patches of many sizes, down to single cells.

    Returns:
        [cells, cells] float32 of about zero mean and unit variance.

    """
    patches = value_noise(rng, cells, 60.0) * np.float32(0.5)
    patches += value_noise(rng, cells, 14.0) * np.float32(0.4)
    tile = rng.standard_normal((512, 512), dtype=np.float32) * np.float32(0.75)
    repeats = -(-cells // 512)
    patches += np.tile(tile, (repeats, repeats))[:cells, :cells]
    return patches
