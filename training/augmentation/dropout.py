"""Dropped squares: what is behind a lorry or a cloud. They take the image's mean colour."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

CELL = 1 / 16, 1 / 4
"""Side of a grid's cell, at least and at most, as a share of the image's shorter side."""

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
    drop = _drop_grid if random.random() < 0.5 else _drop_scattered
    colour = np.rint(cv2.mean(image)[:3]).astype(np.uint8)
    drop(dropped, colour, most * random.random(), random)
    return dropped


def _drop_grid(image: Image, colour: Image, share: float, random: np.random.Generator) -> None:
    cell = max(2, int(random.uniform(*CELL) * min(image.shape[:2])))
    side = round(cell * math.sqrt(share))
    top, left = random.integers(0, cell, 2)
    rows = np.flatnonzero((np.arange(image.shape[0]) + top) % cell < side)
    columns = np.flatnonzero((np.arange(image.shape[1]) + left) % cell < side)
    image[np.ix_(rows, columns)] = colour


def _drop_scattered(image: Image, colour: Image, share: float, random: np.random.Generator) -> None:
    height, width = image.shape[:2]
    holes = int(random.integers(*HOLES, endpoint=True))
    side = round(math.sqrt(share * height * width / holes))
    tops = random.integers(-(side // 2), height - side // 2, holes).tolist()
    lefts = random.integers(-(side // 2), width - side // 2, holes).tolist()
    for top, left in zip(tops, lefts, strict=True):
        image[max(0, top) : top + side, max(0, left) : left + side] = colour
