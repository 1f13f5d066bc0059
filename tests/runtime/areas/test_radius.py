"""A radius is a circle on the sphere, also at the poles and the antimeridian."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime.areas import Intersection, Radius
from clnet.runtime.errors import DataError
from clnet.runtime.geo import EARTH_RADIUS_M, distance_m

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def positions(count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Draw positions all over the sphere, and the awkward ones."""
    draw = np.random.default_rng(3)
    latitudes = np.degrees(np.arcsin(draw.uniform(-1, 1, count)))
    longitudes = draw.uniform(-180, 180, count)
    awkward = [(90, 0), (-90, 120), (0, 180), (0, -180), (89.999, -180), (0, 0)]
    more = np.array(awkward, float).T
    return np.concatenate([latitudes, more[0]]), np.concatenate([longitudes, more[1]])


@given(LATITUDES, LONGITUDES, st.floats(1, 21_000_000))
def test_a_position_is_inside_if_its_great_circle_is_not_longer(
    latitude: float, longitude: float, radius_m: float
) -> None:
    latitudes, longitudes = positions(20)

    inside = Radius(latitude, longitude, radius_m).contains(latitudes, longitudes)

    for found, *position in zip(inside, latitudes, longitudes, strict=True):
        metres = distance_m(latitude, longitude, *position)
        if abs(metres - radius_m) > 1e-3:  # arcs of libm and of numpy differ in the last bits
            assert found == (metres < radius_m)


@given(LATITUDES, LONGITUDES, st.floats(1e-3, 21_000_000))
def test_the_bounding_box_holds_the_whole_circle(
    latitude: float, longitude: float, radius_m: float
) -> None:
    radius = Radius(latitude, longitude, radius_m)
    latitudes, longitudes = positions()
    rim = rim_of(radius)

    for lats, lons in ((latitudes, longitudes), rim):
        inside = radius.contains(lats, lons)
        assert radius.bounds[0].contains(lats[inside], lons[inside]).all()


def rim_of(radius: Radius) -> tuple[np.ndarray, np.ndarray]:
    """Walk along the circle, by the destination formula of spherical trigonometry."""
    bearing = np.linspace(0, 2 * np.pi, 60)
    angle, phi = radius.radius_m / EARTH_RADIUS_M, np.radians(radius.latitude)
    sine = np.sin(phi) * np.cos(angle) + np.cos(phi) * np.sin(angle) * np.cos(bearing)
    latitudes = np.arcsin(np.clip(sine, -1, 1))
    turn = np.arctan2(
        np.sin(bearing) * np.sin(angle) * np.cos(phi),
        np.cos(angle) - np.sin(phi) * np.sin(latitudes),
    )
    longitudes = (radius.longitude + np.degrees(turn) + 180) % 360 - 180
    return np.degrees(latitudes), longitudes


def test_the_box_of_a_small_radius_is_small() -> None:
    box = Radius(60.17, 24.94, 500).bounds[0]

    assert box.north - box.south == pytest.approx(0.00899, abs=1e-4)
    assert box.east - box.west == pytest.approx(0.01808, abs=1e-4)


def test_several_areas_narrow_together() -> None:
    both = Intersection((Radius(0, 0, 200_000), Radius(0, 2, 200_000)))
    latitudes, longitudes = np.zeros(3), np.array([0.0, 1.0, 2.0])

    assert both.contains(latitudes, longitudes).tolist() == [False, True, False]
    assert len(both.bounds) == 2


def test_an_unknown_position_is_in_no_radius() -> None:
    assert not Radius(0, 0, 1e9).contains(np.array([np.nan]), np.array([np.nan])).any()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((91, 0, 5), "centre of a radius: latitude 91"),
        ((0, 0, 0), "positive number of metres, got 0"),
        ((0, 0, float("inf")), "positive number of metres, got inf"),
    ],
)
def test_a_radius_that_is_none_is_refused(values: tuple[float, float, float], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Radius(*values)
