"""CVUSA's layout: split rows, ids, coordinates."""

from pathlib import Path

import pytest

from clnet.runtime import DataError
from clnet.runtime.datasets import read_places

REAL = Path(__file__).parents[3] / "shared" / "data" / "splits" / "cvusa"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "splits").mkdir()
    return tmp_path


def write_split(folder: Path, *rows: str) -> None:
    (folder / "splits" / "val-19zl.csv").write_text("".join(f"{row}\n" for row in rows))


def row(number: int) -> str:
    return f"bingmap/19/{number:07}.jpg,streetview/panos/{number:07}.jpg,x.png"


def test_a_row_gives_both_images_and_the_coordinates_of_its_id(folder: Path) -> None:
    write_split(folder, row(2))
    (folder / "all.csv").write_text("1,2,3,4,5\n10.5,20.5,30.5,40.5,0\n")

    (place,) = read_places(folder, "cvusa", "val")

    assert place.id == "0000002"
    assert place.ground == folder / "streetview/panos/0000002.jpg"
    assert (place.tile_latitude, place.tile_longitude) == (10.5, 20.5)
    assert (place.latitude, place.longitude) == (30.5, 40.5)


def test_coordinates_may_be_absent(folder: Path) -> None:
    write_split(folder, row(1))

    assert read_places(folder, "cvusa", "val")[0].latitude is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param([], "no rows", id="empty"),
        pytest.param(["one"], r"row 1: expected 'bingmap", id="one-field"),
        pytest.param([row(1), "a.jpg,b.jpg"], "row 2: expected", id="no-number"),
        pytest.param([row(1), row(1)], "an id occurs twice", id="doubled"),
    ],
)
def test_a_bad_split_is_refused_by_file_and_row(
    folder: Path, rows: list[str], message: str
) -> None:
    write_split(folder, *rows)

    with pytest.raises(DataError, match=message):
        read_places(folder, "cvusa", "val")


def test_an_id_without_coordinates_is_refused(folder: Path) -> None:
    write_split(folder, row(2))
    (folder / "all.csv").write_text("1,2,3,4,5\n")

    with pytest.raises(DataError, match=r"id 2 has no row in all\.csv \(1 rows\)"):
        read_places(folder, "cvusa", "val")


def test_coordinates_that_are_no_numbers_are_refused_by_row(folder: Path) -> None:
    write_split(folder, row(1))
    (folder / "all.csv").write_text("north,2,3,4\n")

    with pytest.raises(DataError, match=r"all\.csv row 1: expected four numbers"):
        read_places(folder, "cvusa", "val")


def test_a_folder_of_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected CVUSA's layout"):
        read_places(tmp_path, "cvusa", "val")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real split files are not on this machine")
def test_the_real_val_split_parses_whole() -> None:
    places = read_places(REAL, "cvusa", "val")

    assert len(places) == 8884
    assert all(place.latitude is not None for place in places)
