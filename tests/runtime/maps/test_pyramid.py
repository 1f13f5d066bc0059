"""Tiles of XYZ folders and MBTiles show the ground at their coordinates."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from clnet.runtime.errors import ConfigError, DataError, EmptyTile
from clnet.runtime.maps import read_map
from clnet.runtime.maps.tile_picture import decode_tile

HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x40\0\0\0WEBPVP8X", b"\x1f\x8b", b"BM")

Write = Callable[..., Path]
Errors = Callable[..., NDArray[np.float64]]


@pytest.mark.parametrize(
    "form", [{}, {"side": 512, "zooms": (17,), "around": 0}], ids=["256", "512"]
)
def test_tiles_of_a_folder_show_the_ground_at_their_coordinates(
    tile_folder: Write, errors_of: Errors, form: dict[str, Any]
) -> None:
    items = read_map(tile_folder(**form), ground_size_m=60, overlap=0.5)

    assert len(items) >= 6
    for item in items:
        assert errors_of(item).mean() < 1.0
        assert errors_of(item).max() < 4.0


def test_mbtiles_count_their_rows_from_the_south(mbtiles: Write, errors_of: Errors) -> None:
    items = read_map(mbtiles(), ground_size_m=60, overlap=0.5)

    assert len(items) >= 20
    assert max(errors_of(item).max() for item in items) < 4.0


def test_a_folder_and_a_file_of_the_same_tiles_give_the_same_places(
    tile_folder: Write, mbtiles: Write
) -> None:
    one = read_map(tile_folder("scene"), ground_size_m=60)
    other = read_map(mbtiles(), ground_size_m=60)

    assert [item.id for item in one] == [item.id for item in other]


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_photographs_may_be_jpeg_or_webp(
    tile_folder: Write, errors_of: Errors, suffix: str
) -> None:
    (item,) = read_map(tile_folder(suffix=suffix), ground_size_m=60)[:1]

    assert errors_of(item).mean() < 4.0  # of their compression


def test_rasterio_is_not_needed(tile_folder: Write) -> None:
    code = (
        "import sys; sys.modules['rasterio'] = None\n"
        "from clnet.runtime.maps import read_map\n"
        "print(read_map(sys.argv[1], ground_size_m=60)[0].read().shape)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tile_folder())],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("(2")


def test_the_zoom_is_the_lowest_that_loses_nothing(
    tile_folder: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tile_folder(zooms=(16, 17, 18))

    assert read_map(path, ground_size_m=60)[0].locator.endswith(",60m,z18")
    monkeypatch.setattr("clnet.runtime.maps.opening.MAX_TILE_PIXELS", 100)
    assert read_map(path, ground_size_m=60)[0].locator.endswith(",60m,z17")


def test_a_zoom_may_be_given(tile_folder: Write) -> None:
    items = read_map(tile_folder(zooms=(17, 18)), ground_size_m=60, zoom=17)

    assert items[0].read().shape == (100, 100, 3)


def test_a_zoom_that_is_not_there_is_refused(tile_folder: Write) -> None:
    with pytest.raises(DataError, match=r"no tiles of zoom 12; it has 17, 18"):
        read_map(tile_folder(zooms=(17, 18)), ground_size_m=60, zoom=12)


def test_tiles_that_were_written_anew_are_read_anew(tile_folder: Write) -> None:
    first = read_map(tile_folder(), ground_size_m=60)[0].read()

    second = read_map(tile_folder(change=lambda t: 255 - t), ground_size_m=60)[0].read()

    assert np.abs(second.astype(int) - (255 - first)).max() <= 1


def test_missing_tiles_hold_no_data(tile_folder: Write) -> None:
    path = tile_folder()
    middle = sorted((path / "18").iterdir())[1]
    for file in middle.iterdir():
        file.unlink()
    items = read_map(path, ground_size_m=30)
    empty = []

    for item in items:
        try:
            item.read()
        except EmptyTile:
            empty.append(item.longitude)

    assert len(items) / 6 < len(empty) < len(items) / 2
    assert max(empty) - min(empty) < 80 / 55_800


def test_the_ground_between_far_tiles_is_not_listed(tile_folder: Write) -> None:
    """Two towns in one pyramid, or both sides of the antimeridian."""
    path = tile_folder()
    here = len(read_map(path, ground_size_m=60))
    for column in sorted((path / "18").iterdir()):
        shutil.copytree(column, column.with_name(str(int(column.name) - 100_000)))

    assert here < len(read_map(path, ground_size_m=60)) <= 3 * here


@pytest.mark.parametrize("row", [-1, 1 << 18])
def test_tile_numbers_beyond_the_globe_are_refused(mbtiles: Write, row: int) -> None:
    path = mbtiles()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE tiles SET tile_row = ?", (row,))

    with pytest.raises(DataError, match=r"tile numbers of zoom 18 from 0 to 262143, got"):
        read_map(path, ground_size_m=60)


def test_transparent_pixels_hold_no_data(tile_folder: Write) -> None:
    """As at the edges of what drone mapping programs write."""

    def faded(tile: NDArray[np.uint8]) -> NDArray[np.uint8]:
        alpha = np.zeros((256, 256, 1), np.uint8)
        return np.concatenate([tile, alpha], axis=2)

    items = read_map(tile_folder(change=faded), ground_size_m=60)

    with pytest.raises(EmptyTile):
        items[0].read()


def test_a_damaged_tile_fails_the_places_it_lies_in_only(tile_folder: Write) -> None:
    path = tile_folder()
    damaged = min((path / "18").rglob("*.png"))
    damaged.write_bytes(damaged.read_bytes()[:-50])
    items = read_map(path, ground_size_m=30)
    problems = []

    for item in items:
        try:
            item.read()
        except DataError as problem:
            problems.append(str(problem))

    assert 0 < len(problems) < len(items) / 2
    assert f"tile 18/{damaged.parent.name}/{damaged.stem}: corrupt PNG" in problems[0]


@given(
    st.binary(max_size=200)
    | st.builds(bytes.__add__, st.sampled_from(HEADS), st.binary(min_size=20, max_size=60))
)
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with pytest.raises(DataError, match="tile 1/2/3"):
        decode_tile(data, "tile 1/2/3")


@pytest.mark.parametrize("kind", ["pbf", "gzip"])
def test_vector_tiles_are_refused(mbtiles: Write, kind: str) -> None:
    path = mbtiles(form=kind)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE tiles SET tile_data = ?", (b"\x1f\x8b" + bytes(40),))

    with pytest.raises(DataError, match=r"vector tile"):
        read_map(path, ground_size_m=60)


def test_a_tms_folder_is_refused_with_the_remedy(tile_folder: Write) -> None:
    path = tile_folder()
    (path / "tilemapresource.xml").write_text("<TileMap/>")

    with pytest.raises(DataError, match=r"rows count from the south; .* gdal2tiles.py --xyz"):
        read_map(path, ground_size_m=60)


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + bytes(100)])
def test_a_file_that_is_no_mbtiles_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mbtiles"
    path.write_bytes(content)

    with pytest.raises(DataError, match=r"cannot read .*broken.mbtiles as MBTiles"):
        read_map(path, ground_size_m=60)


def test_a_query_without_end_is_ended(mbtiles: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clnet.runtime.maps.mbtiles._MAX_STEPS", 10)
    path = mbtiles()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE metadata")
        database.execute(
            "CREATE VIEW metadata AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
            "FROM n) SELECT 'x' || i AS name, i AS value FROM n"
        )

    with pytest.raises(DataError, match="interrupted"):
        read_map(path, ground_size_m=60)


def test_the_file_is_opened_to_be_read_only(mbtiles: Write) -> None:
    path = mbtiles()
    path.chmod(0o400)
    before = path.read_bytes()

    read_map(path, ground_size_m=60)[0].read()

    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [path]


def test_plain_pictures_are_no_map(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "2.png"), np.zeros((8, 8, 3), np.uint8))

    with pytest.raises(DataError, match="is no map: expected a GeoTIFF, a folder or mosaic"):
        read_map(tmp_path, ground_size_m=60)


def test_tiles_of_metres_that_are_too_few_pixels_are_refused(tile_folder: Write) -> None:
    with pytest.raises(DataError, match=r"3.3 pixels wide, expected at least 16"):
        read_map(tile_folder(), ground_size_m=1)


def test_a_zoom_for_what_has_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ortho.tif").touch()

    with pytest.raises(ConfigError, match="is no tile pyramid: it has no zoom 18"):
        read_map(tmp_path / "ortho.tif", ground_size_m=60, zoom=18)
