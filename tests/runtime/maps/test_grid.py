"""Places of tiles: steps on the ground, ids that last, lists that cost nothing."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime.errors import ConfigError, DataError
from clnet.runtime.geo import distance_m
from clnet.runtime.maps import MapItems, open_locator, read_map
from clnet.runtime.maps.grid import Grid
from clnet.runtime.maps.ground import metres_per_degree
from clnet.runtime.maps.layer import Extent
from clnet.runtime.maps.tile import MapTile

Write = Callable[..., Path]

FINLAND = Extent(south=59.8, west=20.6, north=70.1, east=31.6)


@pytest.mark.parametrize(
    ("latitude", "north_m", "east_m"),
    [(0.0, 110_574.3, 111_319.5), (45.0, 111_131.7, 78_846.8), (60.0, 111_412.2, 55_800.0)],
)
def test_a_degree_is_as_long_as_in_the_tables(
    latitude: float, north_m: float, east_m: float
) -> None:
    assert metres_per_degree(latitude) == pytest.approx((north_m, east_m), abs=0.1)


@given(
    latitude=st.floats(-80, 80),
    longitude=st.floats(-179, 179),
    size_m=st.floats(20, 500),
    overlap=st.floats(0, 0.9),
)
def test_neighbours_overlap_at_least_as_asked(
    latitude: float, longitude: float, size_m: float, overlap: float
) -> None:
    grid = Grid(size_m, overlap)
    row = round(latitude / grid.row_step_deg)
    column = round(longitude / grid.column_step_deg(row))

    here, east, north = (
        grid.centre(*place) for place in ((row, column), (row, column + 1), (row + 1, 0))
    )

    # the sphere of distance_m is within 0.6 % of the ellipsoid; 2 cm are the rounding of degrees
    assert distance_m(*here, *east) == pytest.approx(grid.step_m, rel=0.006, abs=0.03)
    step_north_m = (north[0] - here[0]) * metres_per_degree(here[0])[0]
    assert 0.985 * grid.step_m - 0.03 < step_north_m < grid.step_m + 0.03


def test_tiles_lie_whole_in_the_box_of_a_map() -> None:
    grid = Grid(500, 0.2)
    for row, first, end in grid.runs([FINLAND])[::200].tolist():
        (latitude, west), (_, east) = grid.centre(row, first), grid.centre(row, end - 1)
        north_m, east_m = metres_per_degree(latitude)
        assert FINLAND.west <= west - 250 / east_m + 1e-6
        assert FINLAND.east >= east + 250 / east_m - 1e-6
        assert FINLAND.south <= latitude - 250 / north_m * 0.99
        assert FINLAND.north >= latitude + 250 / north_m * 0.99


def test_a_map_that_grows_keeps_its_places() -> None:
    grid = Grid(100, 0.5)
    small = Extent(60.0, 25.0, 60.01, 25.02)
    grown = Extent(59.99, 24.97, 60.02, 25.02)

    assert _centres(grid, small) < _centres(grid, grown)


def _centres(grid: Grid, extent: Extent) -> set[tuple[float, float]]:
    return {
        grid.centre(row, column)
        for row, first, end in grid.runs([extent]).tolist()
        for column in range(first, end)
    }


def test_the_ground_between_far_sheets_is_not_listed() -> None:
    grid = Grid(100, 0)
    sheets = [Extent(60.0, 20.0, 60.1, 20.1), Extent(60.0, 30.0, 60.1, 30.1)]

    runs = grid.runs(sheets)

    alone = [grid.runs([sheet]) for sheet in sheets]
    count = (runs[:, 2] - runs[:, 1]).sum()
    expected = sum((one[:, 2] - one[:, 1]).sum() for one in alone)
    assert expected <= count <= 1.05 * expected


def test_a_country_of_millions_of_tiles_takes_little_memory() -> None:
    tracemalloc.start()
    items = MapItems(Path("finland"), [_Sheet()], Grid(200, 0.0), None, 0.5)  # type: ignore[list-item]
    middle = items[len(items) // 2]
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(items) > 10_000_000
    assert FINLAND.south < middle.latitude < FINLAND.north  # type: ignore[operator]
    assert peak_bytes < 8e6


class _Sheet:
    parts = (FINLAND,)


def test_a_list_by_number_is_the_list_in_order(tile_folder: Write) -> None:
    items = read_map(tile_folder(), ground_size_m=30, overlap=0.3)

    assert [items[number] for number in range(len(items))] == list(items)
    assert items[-1] == list(items)[-1]
    with pytest.raises(IndexError):
        items[len(items)]


def test_ids_are_stable_and_tell_map_size_and_place(tile_folder: Write) -> None:
    path = tile_folder("helsinki")
    once, again = (read_map(path, ground_size_m=35.5) for _ in range(2))

    assert [item.id for item in once] == [item.id for item in again]
    assert len({item.id for item in once}) == len(once)
    item = once[0]
    assert item.id == f"helsinki/35.5m/{item.latitude:.7f},{item.longitude:.7f}"


def test_a_locator_finds_the_same_picture_again(tile_folder: Write) -> None:
    item = read_map(tile_folder("with # and ,5m"), ground_size_m=60)[2]

    again = open_locator(item.locator)

    assert again is not None
    assert np.array_equal(again.read(), item.read())


@given(
    latitude=st.integers(-850_000_000, 850_000_000),
    longitude=st.integers(-1_800_000_000, 1_800_000_000),
    size_um=st.integers(100_000, 10**10),
    zoom=st.none() | st.integers(0, 24),
    name=st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), min_size=1),
)
def test_every_locator_is_parsed_to_the_tile_that_wrote_it(
    latitude: int, longitude: int, size_um: int, zoom: int | None, name: str
) -> None:
    tile = MapTile(Path("/maps") / name, latitude / 1e7, longitude / 1e7, size_um / 1e6, zoom)

    assert open_locator(tile.locator) == tile


@given(st.text())
def test_other_words_are_no_locator(words: str) -> None:
    assert open_locator(words) is None


@pytest.mark.parametrize("path", ["/data/ortho.tif", "/data/a#1.png", "/a#60.17,24.94,70m"])
def test_a_path_is_no_locator(path: str) -> None:
    assert open_locator(path) is None


@pytest.mark.parametrize(
    ("size_m", "overlap", "message"),
    [
        (0.0, 0.0, "a tile must be above 0 and up to 10000 m, got 0"),
        (-5.0, 0.0, "got -5"),
        (float("nan"), 0.0, "got nan"),
        (20_000.0, 0.0, "got 20000"),
        (70.0, 1.0, "the overlap must be from 0 to below 1"),
        (70.0, -0.1, "got -0.1"),
        (70.0, 0.9999, "leave steps of 0.1 m"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(size_m: float, overlap: float, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Grid(size_m, overlap)


def test_a_share_that_makes_no_sense_is_refused(tile_folder: Write) -> None:
    with pytest.raises(ConfigError, match=r"from 0 to 1, got 1\.5"):
        read_map(tile_folder(), ground_size_m=60, min_covered=1.5)


def test_a_map_smaller_than_a_tile_is_refused(tile_folder: Write) -> None:
    with pytest.raises(DataError, match="no tile of 500 m lies whole in it; take smaller ones"):
        read_map(tile_folder(), ground_size_m=500)


def test_a_map_of_too_many_rows_is_refused() -> None:
    with pytest.raises(DataError, match="rows of tiles, expected at most 2,000,000; take larger"):
        Grid(1, 0.5).runs([Extent(-85, -180, 85, 180)])
