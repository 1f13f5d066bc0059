"""
Web Mercator's tile pyramid: degrees to pixels of a zoom level, and back.

The sphere's Mercator projection (Snyder, USGS Professional Paper 1395, equations 7-1, 7-2 and
7-4) on WGS84 degrees, as EPSG defines it for code 3857 (method 1024), over a square of
2**zoom tiles whose row 0 is the northernmost.
"""

import numpy as np
from numpy.typing import NDArray

MAX_ZOOM = 24
"""A tile of 256 pixels is 2.4 m wide there."""


def pixels_at(
    latitudes: NDArray[np.float64], longitudes: NDArray[np.float64], world_pixels: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Project positions.

    Args:
        latitudes: degrees, short of the poles, of any shape.
        longitudes: degrees in [-180, 180], of the same shape.
        world_pixels: width of the whole pyramid's level: tile size x 2**zoom.

    Returns:
        Columns and rows, counted from the corner of the north-west pixel: 0.5 is its centre.

    """
    columns = (longitudes + 180) / 360 * world_pixels
    rows = (1 - np.arcsinh(np.tan(np.radians(latitudes))) / np.pi) / 2 * world_pixels
    return columns, rows


def latitude_of(row: float, world_pixels: float) -> float:
    """Return the latitude in degrees of a row, counted as `pixels_at` counts."""
    return float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row / world_pixels)))))


def longitude_of(column: float, world_pixels: float) -> float:
    """Return the longitude in degrees of a column, counted as `pixels_at` counts."""
    return column / world_pixels * 360 - 180
