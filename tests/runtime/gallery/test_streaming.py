"""A gallery is read block by block and row by row, in the order of adding, wherever rows lie."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from clnet.runtime.areas import Box, Intersection, Polygon, Radius
from clnet.runtime.errors import ArtifactError, DataError
from clnet.runtime.gallery import Gallery, GalleryInfo, Places, gallery_writer
from clnet.runtime.gallery.location import Location
from clnet.runtime.gallery.table import places_table
from clnet.runtime.item import Item

Rows = Callable[..., NDArray[np.float32]]


@pytest.fixture
def gallery(fill: Callable[..., Path], tmp_path: Path) -> Gallery:
    """Fifty places in commits of seven."""
    return Gallery.open(fill(tmp_path / "gallery", 50, commit=7))


def stored_in_another_order(
    path: Path, info: GalleryInfo, places: Places, rows: NDArray[np.float32]
) -> Gallery:
    """Store the last place first, as a compaction may."""
    Location.of(path).create_table(info)
    table = Location.of(path).open_table()
    table.add(places_table(info, places, rows, first_row=0).take(np.arange(len(rows))[::-1]))
    return Gallery.open(path)


def test_blocks_are_all_embeddings_in_order(gallery: Gallery, unit_rows: Rows) -> None:
    blocks = list(gallery.blocks(block_rows=16))

    assert [len(block) for block in blocks] == [16, 16, 16, 2]
    assert {block.dtype for block in blocks} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(np.concatenate(blocks), unit_rows(50))


def test_blocks_of_selected_rows_are_these_rows(gallery: Gallery, unit_rows: Rows) -> None:
    rows = np.array([1, 6, 7, 8, 30, 49])

    blocks = list(gallery.blocks(rows, block_rows=4))

    assert [len(block) for block in blocks] == [4, 2]
    np.testing.assert_array_equal(np.concatenate(blocks), unit_rows(50)[rows])


def test_no_rows_are_no_blocks(gallery: Gallery) -> None:
    assert list(gallery.blocks(np.array([], np.int64))) == []


def test_places_come_in_the_order_that_was_asked_for(gallery: Gallery) -> None:
    places = gallery.places(np.array([40, 3, 41, 3]))

    assert places.ids == ("p40", "p3", "p41", "p3")
    assert places.paths[1] == str(Path("tiles/3.png").absolute())
    np.testing.assert_array_equal(places.latitudes, [4.0, 0.3, 4.1, 0.3])
    np.testing.assert_array_equal(places.longitudes, [-4.0, -0.3, -4.1, -0.3])


def test_no_rows_are_no_places(gallery: Gallery) -> None:
    assert len(gallery.places(np.array([], np.int64))) == 0


@pytest.mark.parametrize("row", [-1, 50])
def test_rows_that_are_not_there_are_refused(gallery: Gallery, row: int) -> None:
    for read in (gallery.places, gallery.embeddings, lambda rows: list(gallery.blocks(rows))):
        with pytest.raises(DataError, match=f"expected rows from 0 to 49, got {row}"):
            read(np.array([0, row]))


def test_positions_are_the_columns(gallery: Gallery) -> None:
    latitudes, longitudes = gallery.positions()

    np.testing.assert_array_equal(latitudes, np.arange(50) / 10)
    np.testing.assert_array_equal(longitudes, -np.arange(50) / 10)


def test_rows_stored_in_another_order_are_read_in_the_order_of_adding(
    tmp_path: Path, info: GalleryInfo, items: Callable[..., list[Item]], unit_rows: Rows
) -> None:
    places, rows = Places.of(items(0, 9)), unit_rows(9)
    gallery = stored_in_another_order(tmp_path, info, places, rows)

    assert gallery.ids() == list(places.ids)
    assert gallery.places(np.array([8, 0])).ids == ("p8", "p0")
    np.testing.assert_array_equal(np.concatenate(list(gallery.blocks(block_rows=4))), rows)
    np.testing.assert_array_equal(gallery.positions()[0], places.latitudes)
    np.testing.assert_array_equal(gallery.select(Box(0.25, -90, 0.55, 0)), [3, 4, 5])


def test_places_that_share_a_number_come_in_the_order_of_their_ids(
    tmp_path: Path, info: GalleryInfo, items: Callable[..., list[Item]], unit_rows: Rows
) -> None:
    Location.of(tmp_path).create_table(info)
    table = Location.of(tmp_path).open_table()
    for start in (4, 2, 0):  # rivals in object storage that began at the same version
        table.add(places_table(info, Places.of(items(start, start + 2)), unit_rows(2), first_row=0))

    assert Gallery.open(tmp_path).ids() == ["p0", "p2", "p4", "p1", "p3", "p5"]


def test_an_opened_gallery_stays_at_its_version(
    gallery: Gallery, items: Callable[..., list[Item]], unit_rows: Rows, info: GalleryInfo
) -> None:
    with gallery_writer(gallery.location, info) as writer:
        writer.append(items(50, 60), unit_rows(10, seed=1))

    assert len(gallery) == 50
    assert len(Gallery.open(gallery.location)) == 60
    assert sum(len(block) for block in gallery.blocks()) == 50


def test_a_row_that_vanished_is_an_error_of_ours(gallery: Gallery) -> None:
    len(gallery)
    gallery.table.delete("id = 'p7'")

    with pytest.raises(ArtifactError, match="lost rows"):
        list(gallery.blocks())


SQUARE = tuple((x / 10, y / 10) for x, y in [(-30, 11), (-30, 28), (-12, 28), (-12, 11), (-30, 11)])


def test_select_finds_the_places_inside_an_area(gallery: Gallery) -> None:
    for area, expected in (
        (Box(south=1.0, west=-3.0, north=2.0, east=-1.5), range(15, 21)),
        (Radius(2.0, -2.0, 20_000), range(19, 22)),
        (Polygon(((SQUARE,),)), range(12, 29)),
        (Box(south=-1, west=179, north=5, east=-4.5), range(45, 50)),
        (Intersection((Polygon(((SQUARE,),)), Radius(1.2, -1.2, 20_000))), range(12, 14)),
        (Box(south=-80, west=0, north=-70, east=1), range(0)),
    ):
        assert gallery.select(area).tolist() == list(expected)


def test_places_without_coordinates_are_in_no_area(
    gallery: Gallery, unit_rows: Rows, info: GalleryInfo
) -> None:
    with gallery_writer(gallery.location, info) as writer:
        writer.append([Item("lost", Path("lost.png"))], unit_rows(1, seed=3))

    found = Gallery.open(gallery.location).select(Box(-90, -180, 90, 180))

    assert found.tolist() == list(range(50))


@pytest.fixture(scope="module")
def globe(tmp_path_factory: pytest.TempPathFactory, info: GalleryInfo) -> Gallery:
    """Places all over the globe, at the poles and on both sides of the antimeridian."""
    draw = np.random.default_rng(5)
    positions = [*zip(draw.uniform(-90, 90, 300), draw.uniform(-180, 180, 300), strict=True)]
    positions += [(90, 0), (-90, 0), (0, 180), (0, -180), (10, 179.99), (10, -179.99)]
    items = [Item(str(n), Path("x.png"), *position) for n, position in enumerate(positions)]
    rows = np.eye(16, dtype=np.float32)[np.arange(len(items)) % 16]
    path = tmp_path_factory.mktemp("globe")
    with gallery_writer(path, info) as writer:
        writer.append(items, rows)
    return Gallery.open(path)


@settings(max_examples=40, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 2e7), st.floats(-180, 180))
def test_the_sql_sieve_loses_no_place(
    globe: Gallery, latitude: float, longitude: float, radius_m: float, east: float
) -> None:
    for area in (Radius(latitude, longitude, radius_m), Box(-90, longitude, latitude, east)):
        expected = np.flatnonzero(area.contains(*globe.positions()))

        np.testing.assert_array_equal(globe.select(area), expected)


STREAM = """
import resource, sys
from clnet.runtime.gallery import Gallery
def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
gallery = Gallery.open(sys.argv[1])
next(gallery.blocks())
before = peak_mib()
rows = sum(len(block) for block in gallery.blocks())
print(rows, peak_mib() - before)
"""


@pytest.mark.slow
def test_streaming_holds_a_few_blocks_and_not_the_gallery(tmp_path: Path, unit_rows: Rows) -> None:
    info, count = GalleryInfo("a" * 32, 1024, "satellite"), 100_000
    block = unit_rows(4000, 1024)
    with gallery_writer(tmp_path, info) as writer:
        for start in range(0, count, len(block)):
            places = [Item(str(n), Path("x.png")) for n in range(start, start + len(block))]
            writer.append(places, block)
    words = [sys.executable, "-c", STREAM, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)

    rows, grown_mib = done.stdout.split()

    assert int(rows) == count
    assert float(grown_mib) < 200, "the gallery has 390 MiB, a block has 16"
