"""Metres of UTM to degrees of WGS84."""

import numpy as np
from numpy.typing import NDArray

from ...extras import need_extra

_NORTHING_M = (1_000_000.0, 10_000_000.0)
_EASTING_M = (100_000.0, 900_000.0)
"""What a zone spans south of the equator, down to 80 degrees."""


def degrees_of_utm_55_south(utm_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Convert positions of zone 55 south (EPSG:32755), in which Canberra lies.

    Args:
        utm_m: [N, 2] float64: easting and northing, metres.

    Returns:
        [N, 2] float64: latitude and longitude in degrees; NaN for a position outside of the zone.

    Raises:
        ExtraMissing: pyproj is not installed.

    """
    need_extra("cvact", "pyproj")
    from pyproj import Transformer

    to_degrees = Transformer.from_crs("EPSG:32755", "EPSG:4326", always_xy=True)
    inside = np.ones(len(utm_m), bool)
    for column, (least, most) in enumerate((_EASTING_M, _NORTHING_M)):
        inside &= (utm_m[:, column] >= least) & (utm_m[:, column] <= most)
    degrees = np.full((len(utm_m), 2), np.nan)
    longitudes, latitudes = to_degrees.transform(*utm_m[inside].T)
    degrees[inside] = np.stack([latitudes, longitudes], axis=1)
    return degrees
