"""Positions on the globe: WGS84 degrees in, metres out."""

import math

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG). The sphere is within 0.6 % of the ellipsoid."""


def distance_m(
    latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float
) -> float:
    """
    Measure the great circle between two positions by the haversine formula.

    Args:
        latitude_a: degrees in [-90, 90].
        longitude_a: degrees in [-180, 180].
        latitude_b: as `latitude_a`.
        longitude_b: as `longitude_a`.

    Returns:
        Metres, 0 to half the Earth's circumference.

    """
    phi_a, phi_b = math.radians(latitude_a), math.radians(latitude_b)
    half_phi = (phi_b - phi_a) / 2
    half_lambda = math.radians(longitude_b - longitude_a) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def distances_m(
    latitude: float,
    longitude: float,
    latitudes: NDArray[np.float64],
    longitudes: NDArray[np.float64],
) -> NDArray[np.float64]:
    """
    Measure `distance_m` from one position to many.

    Args:
        latitude: degrees in [-90, 90].
        longitude: degrees in [-180, 180].
        latitudes: [n] degrees; NaN where unknown.
        longitudes: [n] degrees; NaN where unknown.

    Returns:
        [n] metres; NaN where a position is unknown.

    """
    phi, phis = math.radians(latitude), np.radians(latitudes)
    half_phi = (phis - phi) / 2
    half_lambda = np.radians(longitudes - longitude) / 2
    chord = np.sin(half_phi) ** 2 + math.cos(phi) * np.cos(phis) * np.sin(half_lambda) ** 2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return metres


def position_problem(latitude: float, longitude: float) -> str | None:
    """
    Say what is wrong with a position.

    Returns:
        None for a position on the globe; else which number, the range and what came.

    """
    for name, value, limit in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if not math.isfinite(value) or abs(value) > limit:
            return f"{name} {value} is not a number of degrees from -{limit} to {limit}"
    return None
