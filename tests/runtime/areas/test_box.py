"""A box holds its edges, and may lie across the antimeridian."""

import numpy as np
import pytest

from clnet.runtime.areas import Box
from clnet.runtime.errors import DataError


def inside(box: Box, *positions: tuple[float, float]) -> list[bool]:
    latitudes, longitudes = np.array(positions, float).T
    return [bool(found) for found in box.contains(latitudes, longitudes)]


def test_a_box_holds_its_edges_and_corners() -> None:
    box = Box(south=60, west=24, north=61, east=25)

    assert inside(box, (60, 24), (61, 25), (60.5, 24), (60.5, 24.5)) == [True] * 4
    assert (
        inside(box, (59.999, 24.5), (61.001, 24.5), (60.5, 23.999), (60.5, 25.001)) == [False] * 4
    )


def test_a_box_across_the_antimeridian_goes_east_from_west() -> None:
    box = Box(south=-20, west=177, north=-15, east=-178)

    assert inside(box, (-17, 178), (-17, 180), (-17, -180), (-17, -179)) == [True] * 4
    assert inside(box, (-17, 0), (-17, 176.9), (-17, -177.9)) == [False] * 3


def test_both_ways_to_write_the_antimeridian_are_one() -> None:
    assert inside(Box(0, 170, 1, 180), (0.5, -180), (0.5, 180)) == [True, True]
    assert inside(Box(0, -180, 1, -170), (0.5, 180), (0.5, 175)) == [True, False]


def test_an_unknown_position_is_in_no_box() -> None:
    assert (
        inside(Box(-90, -180, 90, 180), (np.nan, np.nan), (np.nan, 0), (0, np.nan)) == [False] * 3
    )


@pytest.mark.parametrize(
    ("corners", "message"),
    [
        ((61, 24, 60, 25), "from south to north, got 61 to 60: swap them"),
        ((60, 24, 91, 25), "north-east corner of a box: latitude 91"),
        ((60, -181, 61, 25), "south-west corner of a box: longitude -181"),
        ((float("nan"), 24, 61, 25), "south-west corner of a box: latitude nan"),
    ],
)
def test_a_box_off_the_globe_is_refused(
    corners: tuple[float, float, float, float], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        Box(*corners)
