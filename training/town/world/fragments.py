"""Expanding things that cover a few pixels of a panorama into one flat list of pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..views.lens import Lens

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Fragments:
    """
    P pixels that T things may cover, far things first, so that painting in order is right.

    What depends on a thing and a column alone, or on a thing and a row alone, is worked out once
    per such pair ("strip" and "line") and then read by each pixel.
    """

    thing: Ints
    """[P] int32 row of the thing in its table."""

    pixel: Ints
    """[P] int32 place of the pixel in the picture, row * W + column."""

    strip: Ints
    """[P] int32 entry of the pixel in `strip_thing` and `strip_turn`."""

    line: Ints
    """[P] int32 entry of the pixel in `line_thing` and `line_row`."""

    strip_thing: Ints
    """[S] int32 thing of each pair of thing and column."""

    strip_turn: Floats
    """[S] float32 angle from the thing's middle to the column's rays, radians, clockwise."""

    line_thing: Ints
    """[L] int32 thing of each pair of thing and row."""

    line_row: Ints
    """[L] int32 row."""


def expand(
    things: NDArray[np.intp],
    bearing: Floats,
    spread: Floats,
    top: Floats,
    bottom: Floats,
    lens: Lens,
) -> Fragments:
    """
    List the pixels of boxes in the picture.

    Args:
        things: [T] rows of the things in their table, far ones first.
        bearing: [T] float32 direction of each, radians clockwise from the centre column.
        spread: [T] float32 half the angle it covers, in radians.
        top: [T] float32 slope (tangent of the elevation) of its top.
        bottom: [T] float32 slope of its foot.
        lens: the camera's geometry.

    Returns:
        The pixels whose centres lie in the boxes.

    """
    scale = np.float32(lens.columns / (2 * np.pi))
    middle = bearing * scale + np.float32(lens.columns / 2)
    left = np.ceil(middle - spread * scale - 0.5).astype(np.int32)
    right = np.floor(middle + spread * scale - 0.5).astype(np.int32)
    high = np.clip(np.ceil(lens.row_of(top) - 0.5), 0, lens.rows).astype(np.int32)
    low = np.clip(np.floor(lens.row_of(bottom) - 0.5), -1, lens.rows - 1).astype(np.int32)
    width = np.clip(right - left + 1, 0, lens.columns)
    height = np.maximum(low - high + 1, 0)
    strip_box, strip_index = _count_up(width)
    line_box, line_index = _count_up(height)
    column = left[strip_box] + strip_index
    turn = (column + np.float32(0.5) - middle[strip_box]) / scale
    row = high[line_box] + line_index
    # One run of strips for each line: where a box's lines lie, its strips are repeated.
    line, across = _count_up(width[line_box])
    strip = (np.cumsum(width, dtype=np.int32) - width)[line_box][line] + across
    pixel = (row * np.int32(lens.columns))[line] + (column % lens.columns).astype(np.int32)[strip]
    return Fragments(
        thing=things.astype(np.int32)[line_box][line],
        pixel=pixel,
        strip=strip,
        line=line,
        strip_thing=things.astype(np.int32)[strip_box],
        strip_turn=turn.astype(np.float32),
        line_thing=things.astype(np.int32)[line_box],
        line_row=row,
    )


def _count_up(lengths: Ints) -> tuple[Ints, Ints]:
    """For runs of these lengths: the run of each element, and its place in the run, int32."""
    run = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    start = np.cumsum(lengths, dtype=np.int32) - lengths.astype(np.int32)
    return run, np.arange(len(run), dtype=np.int32) - start[run]


def bearings(
    points_m: Floats, place_m: tuple[float, float], heading: float
) -> tuple[Floats, Floats]:
    """Bearing from the heading ([N] float32, -pi..pi) and distance in metres of points [N, 2]."""
    east = points_m[:, 0] - np.float32(place_m[0])
    south = points_m[:, 1] - np.float32(place_m[1])
    turn = np.arctan2(east, -south) - np.float32(heading)
    turn = (turn + np.float32(np.pi)) % np.float32(2 * np.pi) - np.float32(np.pi)
    return turn, np.hypot(east, south)
