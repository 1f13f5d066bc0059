"""Drawing on a raster in metres."""

import cv2
import numpy as np
from numpy.typing import NDArray

_SHIFT = 4


class Canvas:
    """One raster, painted in metres: x east and y south of its north-west corner."""

    def __init__(self, raster: NDArray[np.uint8], cell_m: float) -> None:
        self.raster = raster
        self._cell_m = cell_m

    def line(self, points_m: NDArray[np.float32], width_m: float, value: object) -> None:
        """Paint a polyline [N, 2]; `value` is a level or an RGB sequence, 0..255."""
        thickness = max(1, round(width_m / self._cell_m))
        points = [self._fixed(points_m)]
        cv2.polylines(self.raster, points, False, _scalar(value), thickness, cv2.LINE_8, _SHIFT)

    def polygon(self, corners_m: NDArray[np.float32], value: object) -> None:
        """Fill a polygon [N, 2]; `value` is a level or an RGB sequence, 0..255."""
        cv2.fillPoly(self.raster, [self._fixed(corners_m)], _scalar(value), cv2.LINE_8, _SHIFT)

    def _fixed(self, points_m: NDArray[np.float32]) -> NDArray[np.int32]:
        cells = points_m / self._cell_m - 0.5
        return np.round(cells * (1 << _SHIFT)).astype(np.int32)


def _scalar(value: object) -> tuple[float, ...]:
    return tuple(float(level) for level in np.atleast_1d(np.asarray(value, np.float64)))


def rectangle(
    centre_m: NDArray[np.float32],
    axis: NDArray[np.float32],
    half_m: NDArray[np.float32],
) -> NDArray[np.float32]:
    """
    Corners of a turned rectangle.

    Args:
        centre_m: [2] float32, in metres.
        axis: [2] float32 unit vector along its length.
        half_m: [2] float32 half length and half depth, in metres.

    Returns:
        [4, 2] float32 corners in order, in metres.

    """
    across = np.array([-axis[1], axis[0]], np.float32)
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    return np.asarray(
        centre_m + signs[:, :1] * axis * half_m[0] + signs[:, 1:] * across * half_m[1], np.float32
    )
