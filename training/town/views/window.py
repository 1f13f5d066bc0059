"""Reading a square window out of a raster, between cells if need be."""

import cv2
from cv2.typing import MatLike


def window_around(
    raster: MatLike, centre_m: tuple[float, float], cell_m: float, cells: int
) -> MatLike:
    """
    A square around a point; beyond the raster its edge is repeated.

    Args:
        raster: [S, S] float32 or [S, S, 3] uint8.
        centre_m: middle of the window, metres east and south of the raster's north-west corner.
        cell_m: side of a cell, in metres.
        cells: side of the window, in cells.

    Returns:
        [cells, cells] or [cells, cells, 3] of the raster's type, interpolated.

    """
    centre = (centre_m[0] / cell_m - 0.5, centre_m[1] / cell_m - 0.5)
    return cv2.getRectSubPix(raster, (cells, cells), centre)
