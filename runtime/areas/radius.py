"""Everything within some metres of a position."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..geo import EARTH_RADIUS_M, distances_m, position_problem
from .box import Box

_SLACK = 1e-9
"""Widens the bounding box by this part and these degrees: it may hold more, never less."""


@dataclass(frozen=True, slots=True)
class Radius:
    """
    All positions whose great circle to the centre is not longer than `radius_m`.

    The Earth is the sphere of `geo.distance_m`.

    Raises:
        DataError: the centre is off the globe, or the radius is not a positive number.

    """

    latitude: float
    """The centre, degrees in [-90, 90]."""

    longitude: float
    """The centre, degrees in [-180, 180]."""

    radius_m: float
    """Metres, greater than 0."""

    def __post_init__(self) -> None:
        problem = position_problem(self.latitude, self.longitude)
        if problem:
            raise DataError(f"centre of a radius: {problem}")
        if not (math.isfinite(self.radius_m) and self.radius_m > 0):
            raise DataError(f"a radius is a positive number of metres, got {self.radius_m}")

    @property
    def bounds(self) -> tuple[Box, ...]:
        """
        The box around the circle; all longitudes where the circle holds a pole.

        The widest longitude of a circle of angular radius r at latitude φ is asin(sin r / cos φ)
        away from its centre (right spherical triangle at the point where a meridian touches it).
        """
        angle = math.radians(1) * _SLACK + self.radius_m / EARTH_RADIUS_M * (1 + _SLACK)
        reach = math.degrees(angle)
        south, north = self.latitude - reach, self.latitude + reach
        if south <= -90 or north >= 90:
            return (Box(max(south, -90), -180, min(north, 90), 180),)
        ratio = math.sin(angle) / math.cos(math.radians(self.latitude))
        width = math.degrees(math.asin(min(1.0, ratio))) * (1 + _SLACK) + _SLACK
        if width >= 180:
            return (Box(south, -180, north, 180),)
        west, east = self.longitude - width, self.longitude + width
        return (Box(south, _wrapped(west), north, _wrapped(east)),)

    def contains(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Tell which positions lie inside; shapes as in `Area.contains`."""
        inside: NDArray[np.bool_] = (
            distances_m(self.latitude, self.longitude, latitudes, longitudes) <= self.radius_m
        )
        return inside


def _wrapped(longitude: float) -> float:
    if longitude < -180:
        return longitude + 360
    return longitude - 360 if longitude > 180 else longitude
