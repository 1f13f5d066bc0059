"""Dropped squares: what is behind a lorry or a cloud. They take the image's mean colour."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

LEAST, MOST = 1 / 16, 1 / 4
"""Side of a grid's cell, as a share of the image's shorter side."""

HOLES = 8, 25
"""How many squares lie about, at least and at most."""


def drop_squares(image: Image, most: float, random: np.random.Generator) -> Image:
    """
    Drop a grid of squares, or some here and there.

    Args:
        image: [H, W, 3] uint8.
        most: largest share of the image that is dropped.
        random: the only source of chance.

    Returns:
        A new image of the same shape.

    """
    dropped = image.copy()
    colour = np.rint(cv2.mean(image)[:3]).astype(np.uint8)
    share = most * random.random()
    corners = _grid if random.random() < 0.5 else _scattered
    side, tops, lefts = corners(image.shape[0], image.shape[1], share, random)
    for top, left in zip(tops, lefts, strict=True):
        dropped[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)] = colour
    return dropped


Corners = tuple[int, list[int], list[int]]
"""A side in pixels, and the squares' first rows and columns, which may lie outside."""


def _grid(height: int, width: int, share: float, random: np.random.Generator) -> Corners:
    shorter = min(height, width)
    cell = max(2, int(random.uniform(LEAST, MOST) * shorter))
    side = round(cell * math.sqrt(share))
    first_row, first_column = random.integers(-cell, 1, 2)
    rows, columns = np.arange(first_row, height, cell), np.arange(first_column, width, cell)
    tops, lefts = np.meshgrid(rows, columns, indexing="ij")
    return side, tops.ravel().tolist(), lefts.ravel().tolist()


def _scattered(height: int, width: int, share: float, random: np.random.Generator) -> Corners:
    holes = int(random.integers(*HOLES, endpoint=True))
    side = round(math.sqrt(share * height * width / holes))
    tops = random.integers(-side // 2, max(1, height - side // 2), holes)
    lefts = random.integers(-side // 2, max(1, width - side // 2), holes)
    return side, tops.tolist(), lefts.tolist()
