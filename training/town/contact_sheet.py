"""A picture of some pairs beside each other, for people to look at."""

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


def contact_sheet(
    pairs: list[tuple[NDArray[np.uint8], NDArray[np.uint8]]], vertical_view_deg: float
) -> NDArray[np.uint8]:
    """
    Lay pairs out in rows, tile on the left and panorama on the right.

    Args:
        pairs: (tile [T, T, 3], panorama [H, W, 3]) uint8 RGB, all of the same sizes.
        vertical_view_deg: vertical field of view of the panoramas, in degrees. They are shown
            with degrees of equal length along both axes, whatever their pixels.

    Returns:
        [h, w, 3] uint8 RGB.

    """
    aspect = 360.0 / vertical_view_deg
    return _stacked([[_resized(tile, 1.0), _resized(view, aspect)] for tile, view in pairs])


def strips(rows: list[list[NDArray[np.uint8]]]) -> NDArray[np.uint8]:
    """Lay rows of equally many square pictures [S, S, 3] uint8 RGB out; [h, w, 3] uint8 RGB."""
    return _stacked([[_resized(picture, 1.0) for picture in row] for row in rows])


def _stacked(rows: list[list[NDArray[np.uint8]]]) -> NDArray[np.uint8]:
    return np.concatenate(
        [np.concatenate([_padded(picture) for picture in row], axis=1) for row in rows]
    )


def _resized(picture: NDArray[np.uint8], aspect: float) -> NDArray[np.uint8]:
    width = round(aspect * _HEIGHT_PX)
    grown = cv2.resize(picture, (width, _HEIGHT_PX), interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown, np.uint8)


def _padded(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    border = ((_GAP_PX, _GAP_PX), (_GAP_PX, _GAP_PX), (0, 0))
    return np.pad(picture, border, constant_values=_PAPER)
