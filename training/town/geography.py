"""Where worlds lie on the Earth: metres in a world to latitude and longitude, and back."""

import math

Degrees = tuple[float, float]
"""Latitude and longitude, WGS84 degrees."""

WORLDS_A_ROW = 40

GAP_M = 1000.0
"""Empty land between neighbouring worlds, in metres."""

_SEMI_MAJOR_M = 6378137.0
_ECCENTRICITY_SQUARED = 6.69437999014e-3


def world_corner(origin: Degrees, number: int, side_m: float, *, held_out: bool) -> Degrees:
    """
    Latitude and longitude of a world's north-west corner, in degrees.

    Training worlds fill rows southwards from `origin`, test worlds northwards, so that no two
    worlds of a town overlap.
    """
    row, column = divmod(number, WORLDS_A_ROW)
    pitch_m = side_m + GAP_M
    south_m = -(row + 1) * pitch_m if held_out else row * pitch_m
    return to_degrees(origin, column * pitch_m, south_m)


def to_degrees(corner: Degrees, east_m: float, south_m: float) -> Degrees:
    """Latitude and longitude, in degrees, of a point metres east and south of a corner."""
    metres_north, metres_east = _metres_a_degree(corner[0])
    return corner[0] - south_m / metres_north, corner[1] + east_m / metres_east


def to_metres(corner: Degrees, latitude: float, longitude: float) -> tuple[float, float]:
    """Metres east and south of a corner: what `to_degrees` undoes."""
    metres_north, metres_east = _metres_a_degree(corner[0])
    return (longitude - corner[1]) * metres_east, (corner[0] - latitude) * metres_north


def _metres_a_degree(latitude: float) -> tuple[float, float]:
    """Length of a degree north and of a degree east on the WGS84 ellipsoid, in metres."""
    sine = math.sin(math.radians(latitude))
    square = 1.0 - _ECCENTRICITY_SQUARED * sine**2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / square**1.5
    parallel_m = _SEMI_MAJOR_M / math.sqrt(square) * math.cos(math.radians(latitude))
    return math.radians(meridian_m), math.radians(parallel_m)
