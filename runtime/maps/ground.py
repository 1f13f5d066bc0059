"""
Metres on the ground around a place, on the WGS84 ellipsoid.

A tile is laid out on the plane that touches the ellipsoid at its centre. Over 10 km that plane
departs from the ellipsoid by less than 0.5 % up to 80 degrees of latitude.
"""

import math

import numpy as np
from numpy.typing import NDArray

SEMI_MAJOR_M = 6_378_137.0
"""WGS84 (EPSG:7030)."""

_FLATTENING = 1 / 298.257223563
_E2 = _FLATTENING * (2 - _FLATTENING)


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """
    Measure a degree of latitude and one of longitude on the ground.

    The radii of curvature are those of Snyder, Map Projections: A Working Manual (USGS
    Professional Paper 1395, 1987), equations 4-18 and 4-20.

    Args:
        latitude: degrees, short of the poles.

    Returns:
        Metres towards north, metres towards east.

    """
    phi = math.radians(latitude)
    root = math.sqrt(1 - _E2 * math.sin(phi) ** 2)
    north = SEMI_MAJOR_M * (1 - _E2) / root**3
    east = SEMI_MAJOR_M * math.cos(phi) / root
    return math.radians(north), math.radians(east)


def square(
    latitude: float, longitude: float, size_m: float, nodes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Lay a north-up lattice over a square of ground, its outer nodes on the square's edges.

    Args:
        latitude: degrees, of the centre.
        longitude: degrees, of the centre.
        size_m: the square's side in metres.
        nodes: nodes along a side, at least 2.

    Returns:
        Latitudes and longitudes, each [nodes, nodes] float64 degrees; row 0 is the north edge,
        column 0 the west edge.

    """
    north_m, east_m = metres_per_degree(latitude)
    offsets = np.linspace(-size_m / 2, size_m / 2, nodes)
    down, right = np.meshgrid(
        latitude - offsets / north_m, longitude + offsets / east_m, indexing="ij"
    )
    return down, right
