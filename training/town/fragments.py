"""Expanding things that cover a few pixels of a panorama into one flat list of pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lens import Lens

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fragments:
    """P pixels that things may cover, far things first, so that painting in order is right."""

    thing: Ints
    """[P] int64 row of the thing in its table."""

    row: Ints
    """[P] int64 row of the pixel."""

    column: Ints
    """[P] int64 column of the pixel, wrapped around."""

    turn: Floats
    """[P] float32 angle from the thing's middle to the pixel's ray, radians, clockwise."""


def expand(
    things: Ints, bearing: Floats, spread: Floats, top: Floats, bottom: Floats, lens: Lens
) -> Fragments:
    """
    List the pixels of boxes in the picture.

    Args:
        things: [T] int64 rows of the things in their table, far ones first.
        bearing: [T] float32 direction of each, radians clockwise from the centre column.
        spread: [T] float32 half the angle it covers, in radians.
        top: [T] float32 slope (tangent of the elevation) of its top.
        bottom: [T] float32 slope of its foot.
        lens: the camera's geometry.

    Returns:
        The pixels whose centres lie in the boxes.

    """
    scale = lens.columns / (2 * np.pi)
    middle = bearing * scale + lens.columns / 2
    left = np.ceil(middle - spread * scale - 0.5).astype(np.int64)
    right = np.floor(middle + spread * scale - 0.5).astype(np.int64)
    high = np.clip(np.ceil(lens.row_of(top) - 0.5), 0, lens.rows).astype(np.int64)
    low = np.clip(np.floor(lens.row_of(bottom) - 0.5), -1, lens.rows - 1).astype(np.int64)
    width = np.clip(right - left + 1, 0, lens.columns)
    pixels = width * np.maximum(low - high + 1, 0)
    box = np.repeat(np.arange(len(things)), pixels)
    local = np.arange(len(box)) - np.repeat(np.cumsum(pixels) - pixels, pixels)
    down, right_of = np.divmod(local.astype(np.int32), width[box].astype(np.int32))
    column = left[box] + right_of
    turn = (column + 0.5 - middle[box]) / scale
    return Fragments(
        thing=things[box],
        row=high[box] + down,
        column=column % lens.columns,
        turn=turn.astype(np.float32),
    )


def bearings(
    points_m: Floats, place_m: tuple[float, float], heading: float
) -> tuple[Floats, Floats]:
    """Bearing from the heading ([N] float32, -pi..pi) and distance in metres of points [N, 2]."""
    east = points_m[:, 0] - np.float32(place_m[0])
    south = points_m[:, 1] - np.float32(place_m[1])
    turn = np.arctan2(east, -south) - np.float32(heading)
    turn = (turn + np.float32(np.pi)) % np.float32(2 * np.pi) - np.float32(np.pi)
    return turn, np.hypot(east, south)
