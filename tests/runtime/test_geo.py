import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime.geo import EARTH_RADIUS_M, distance_m, position_problem

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def test_helsinki_to_tallinn_is_some_82_km() -> None:
    assert distance_m(60.1699, 24.9384, 59.4370, 24.7536) == pytest.approx(82_130, rel=2e-3)


def test_one_degree_along_a_meridian_is_a_360th_of_the_circumference() -> None:
    expected = 2 * math.pi * EARTH_RADIUS_M / 360

    assert distance_m(10, 20, 11, 20) == pytest.approx(expected)


def test_the_date_line_is_no_wall() -> None:
    assert distance_m(0, 179.9995, 0, -179.9995) == pytest.approx(111.2, rel=1e-2)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_symmetric_and_within_half_the_globe(
    a: float, b: float, c: float, d: float
) -> None:
    there = distance_m(a, b, c, d)

    assert 0 <= there <= math.pi * EARTH_RADIUS_M + 1e-3
    assert there == pytest.approx(distance_m(c, d, a, b), abs=1e-3)


@given(LATITUDES, LONGITUDES)
def test_every_position_on_the_globe_is_accepted(latitude: float, longitude: float) -> None:
    assert position_problem(latitude, longitude) is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "fault"),
    [
        (90.1, 0, "latitude 90.1"),
        (0, -180.5, "longitude -180.5"),
        (math.nan, 0, "latitude nan"),
        (0, math.inf, "longitude inf"),
    ],
)
def test_a_position_off_the_globe_is_named(latitude: float, longitude: float, fault: str) -> None:
    assert (position_problem(latitude, longitude) or "").startswith(fault)
