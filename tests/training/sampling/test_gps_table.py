"""Neighbours by great circle, held to the haversine formula."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="scipy is not installed: pip install 'clnet[train]'")

from clnet.runtime import ConfigError
from clnet.runtime.datasets import Place
from clnet.runtime.geo import distance_m
from clnet.training.sampling import gps_table

CVUSA = Path(__file__).parents[4] / "shared/data/splits/cvusa/all.csv"


def place(
    row: int,
    latitude: float | None,
    longitude: float | None,
    tile: str = "",
    also_on: tuple[str, ...] = (),
) -> Place:
    return Place(
        str(row), Path("g"), Path("s"), latitude, longitude, tile=tile, also_on=also_on, row="row 7"
    )


def far(one: Place, other: Place) -> float:
    assert one.latitude is not None
    assert one.longitude is not None
    assert other.latitude is not None
    assert other.longitude is not None
    return distance_m(one.latitude, one.longitude, other.latitude, other.longitude)


positions = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@settings(deadline=None)  # the first call imports scipy
@given(st.lists(positions, min_size=2, max_size=30), st.integers(1, 8))
def test_neighbours_are_the_nearest_by_great_circle_nearest_first(
    positions: list[tuple[float, float]], size: int
) -> None:
    places = [place(row, *position) for row, position in enumerate(positions)]

    table = gps_table(places, size)

    for row, one in enumerate(places):
        found = [neighbour for neighbour in table[row].tolist() if neighbour >= 0]
        others = sorted(far(one, other) for n, other in enumerate(places) if n != row)
        assert row not in found
        assert len(set(found)) == len(found) == min(size, len(others))
        distances = [far(one, places[neighbour]) for neighbour in found]
        # haversine loses digits near the antipode, chords lose none: 100 m there
        np.testing.assert_allclose(distances, others[: len(found)], atol=100, rtol=1e-6)


def test_a_degree_of_longitude_is_shorter_in_the_north() -> None:
    places = [place(0, 60.0, 10.0), place(1, 60.0, 11.5), place(2, 61.0, 10.0)]

    assert gps_table(places, 1)[0, 0] == 1


def test_the_date_line_is_no_border() -> None:
    places = [place(0, 0.0, 179.9), place(1, 0.0, -179.9), place(2, 0.0, 179.0)]

    assert gps_table(places, 1)[0, 0] == 1


def test_places_that_show_the_same_are_no_neighbours() -> None:
    places = [
        place(0, 0.0, 0.0, "a", also_on=("b",)),
        place(1, 0.0, 0.001, "a"),
        place(2, 0.0, 0.002, "b"),
        place(3, 0.0, 0.003, "c"),
    ]

    table = gps_table(places, 2)

    assert table[0].tolist() == [3, -1]
    assert table[1].tolist() == [2, 3]


def test_equal_distances_come_in_the_order_of_the_places() -> None:
    places = [place(row, 10.0, 20.0) for row in range(5)]

    assert gps_table(places, 3)[2].tolist() == [0, 1, 3]


def test_places_without_coordinates_are_refused_with_the_remedy() -> None:
    with pytest.raises(ConfigError, match=r"1 of 2 .* the first is 1 \(row 7\).*negatives.kind"):
        gps_table([place(0, 1.0, 2.0), place(1, None, None)], 1)


@pytest.mark.slow
@pytest.mark.skipif(not CVUSA.is_file(), reason="the real CVUSA coordinates are not here")
def test_cvusa_s_neighbours_agree_with_a_search_of_all_places() -> None:
    with CVUSA.open(newline="") as stream:
        rows = list(csv.reader(stream))[:35_532]
    places = [place(n, float(row[2]), float(row[3])) for n, row in enumerate(rows)]

    table = gps_table(places, 128)

    latitudes, longitudes = np.radians([(one.latitude, one.longitude) for one in places]).T
    for row in range(0, len(places), 1777):
        haversine = (
            np.sin((latitudes - latitudes[row]) / 2) ** 2
            + np.cos(latitudes) * np.cos(latitudes[row])
            * np.sin((longitudes - longitudes[row]) / 2) ** 2
        )  # fmt: skip
        haversine[row] = np.inf
        nearest = np.sort(haversine)[:128]
        np.testing.assert_allclose(haversine[table[row]], nearest, rtol=1e-6, atol=1e-18)
