"""A picture of some places' views beside each other, for people to look at."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

_HEIGHT_PX = 192
_GAP_PX = 8
_PAPER = 246
_ROWS = 8


def shown(count: int) -> list[int]:
    """Which of `count` things to show: up to eight, evenly spread, first and last among them."""
    numbers = np.unique(np.linspace(1, count, min(_ROWS, count)).astype(int))
    return [int(number) - 1 for number in numbers]


def with_mark(tile: NDArray[np.uint8], south: float, east: float) -> NDArray[np.uint8]:
    """
    Mark a spot on a tile with a ring.

    Args:
        tile: [T, T, 3] uint8 RGB, north up.
        south: how far south of the centre, as a share of the tile's side.
        east: how far east, likewise.

    Returns:
        [h, h, 3] uint8 RGB, as large as a sheet shows it.

    """
    grown = np.ascontiguousarray(_resized(tile, 1.0))
    centre = (round((0.5 + east) * _HEIGHT_PX), round((0.5 + south) * _HEIGHT_PX))
    for radius, colour in ((6, (255, 255, 255)), (5, (220, 0, 60)), (4, (220, 0, 60))):
        cv2.circle(grown, centre, radius, colour)
    return grown


def contact_sheet(
    rows: Sequence[tuple[Sequence[NDArray[np.uint8]], NDArray[np.uint8]]],
    vertical_view_deg: float,
) -> NDArray[np.uint8]:
    """
    Lay places out in rows, tiles on the left and the panorama on the right.

    Args:
        rows: (as many tiles [T, T, 3] in each row, panorama [H, W, 3]) uint8 RGB.
        vertical_view_deg: vertical field of view of the panoramas, in degrees. They are shown
            with degrees of equal length along both axes, whatever their pixels.

    Returns:
        [h, w, 3] uint8 RGB.

    """
    aspect = 360.0 / vertical_view_deg
    return _stacked([[*_squared(tiles), _resized(panorama, aspect)] for tiles, panorama in rows])


def strips(rows: Sequence[Sequence[NDArray[np.uint8]]]) -> NDArray[np.uint8]:
    """Lay rows of equally many square pictures [S, S, 3] uint8 RGB out; [h, w, 3] uint8 RGB."""
    return _stacked([_squared(pictures) for pictures in rows])


def _stacked(rows: list[list[NDArray[np.uint8]]]) -> NDArray[np.uint8]:
    return np.concatenate(
        [np.concatenate([_padded(picture) for picture in row], axis=1) for row in rows]
    )


def _squared(pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    return [_resized(picture, 1.0) for picture in pictures]


def _resized(picture: NDArray[np.uint8], aspect: float) -> NDArray[np.uint8]:
    width = round(aspect * _HEIGHT_PX)
    grown = cv2.resize(picture, (width, _HEIGHT_PX), interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown, np.uint8)


def _padded(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    border = ((_GAP_PX, _GAP_PX), (_GAP_PX, _GAP_PX), (0, 0))
    return np.pad(picture, border, constant_values=_PAPER)
