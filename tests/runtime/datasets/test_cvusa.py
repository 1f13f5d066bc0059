"""CVUSA's layout: split rows, ids, coordinates."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clnet.runtime import DataError
from clnet.runtime.datasets import Faults, open_dataset, read_places
from clnet.runtime.errors import ConfigError
from clnet.runtime.geo import distance_m

REAL = Path(__file__).parents[4] / "shared" / "data" / "splits" / "cvusa"
real_split = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real split files are not on this machine"
)
same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "splits").mkdir()
    return tmp_path


def write_split(folder: Path, *rows: str) -> None:
    (folder / "splits" / "val-19zl.csv").write_text("".join(f"{row}\n" for row in rows))


def row(number: int) -> str:
    return f"bingmap/19/{number:07}.jpg,streetview/panos/{number:07}.jpg,x.png"


@pytest.mark.parametrize("locations", ["all.csv", "split_locations/all.csv"])
def test_a_row_gives_both_images_and_the_coordinates_of_its_id(
    folder: Path, locations: str
) -> None:
    write_split(folder, row(2))
    (folder / "split_locations").mkdir()
    (folder / locations).write_text("1,2,3,4,5\n10.5,20.5,30.5,40.5,0\n")

    (place,) = read_places(folder, "cvusa", "val")

    assert place.id == "0000002"
    assert place.row == "splits/val-19zl.csv row 1"
    assert place.ground == folder / "streetview/panos/0000002.jpg"
    assert place.satellite == folder / "bingmap/19/0000002.jpg"
    assert (place.tile_latitude, place.tile_longitude) == (10.5, 20.5)
    assert (place.latitude, place.longitude) == (30.5, 40.5)


def test_coordinates_may_be_absent(folder: Path) -> None:
    write_split(folder, row(1))

    assert read_places(folder, "cvusa", "val")[0].latitude is None


def test_the_panorama_asks_for_its_tile_among_all_tiles_of_the_split(folder: Path) -> None:
    write_split(folder, row(3), row(1))

    (task,) = open_dataset(folder, "cvusa").tasks("val")

    assert task.name == "CVUSA val"
    assert task.query_view == "ground"
    assert [picture.id for picture in task.gallery] == ["0000003", "0000001"]
    assert task.queries[1].row == "splits/val-19zl.csv row 2"
    assert list(task.protocols[0].right.rows) == [0, 1]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param([], "no rows", id="empty"),
        pytest.param(["one"], r"row 1: expected 'bingmap", id="one-field"),
        pytest.param(["satellite,ground,annotation"], r"row 1: expected 'bingmap", id="header"),
        pytest.param([row(1), "bingmap/19/a.jpg,streetview/b.jpg"], "row 2: exp", id="no-number"),
        pytest.param([row(1), "", row(2)], "row 2: expected", id="empty-row"),
        pytest.param(["streetview/panos/1.jpg,bingmap/19/1.jpg"], "row 1: expected", id="swapped"),
        pytest.param([row(1), row(1)], r"row 2: id 0000001 stands in .* row 1", id="doubled"),
    ],
)
def test_a_bad_split_is_refused_by_file_and_row(
    folder: Path, rows: list[str], message: str
) -> None:
    write_split(folder, *rows)

    with pytest.raises(DataError, match=message):
        read_places(folder, "cvusa", "val")


@pytest.mark.parametrize(
    ("locations", "message"),
    [
        pytest.param("1,2,3,4\n", r"row 1: id 2 has no row in .*all\.csv \(1 rows\)", id="short"),
        pytest.param("\nnorth,2,3,4\n", r"all\.csv row 2: expected tile latitude", id="no-number"),
        pytest.param("\n1,2,3\n", r"all\.csv row 2: expected tile latitude", id="three-columns"),
        pytest.param("\n-91,2,3,4\n", r"a latitude is beyond ±90", id="latitude"),
        pytest.param("\n1,2,nan,4\n", r"a latitude is beyond ±90", id="not-finite"),
        pytest.param("\n1,2,3,181\n", r"a longitude is beyond ±180", id="longitude"),
    ],
)
def test_bad_coordinates_are_refused_by_file_and_row(
    folder: Path, locations: str, message: str
) -> None:
    write_split(folder, row(2))
    (folder / "all.csv").write_text(locations)

    with pytest.raises(DataError, match=message):
        read_places(folder, "cvusa", "val")


def test_a_header_of_the_coordinates_is_refused_for_it_would_shift_them_all(folder: Path) -> None:
    write_split(folder, row(2))
    (folder / "all.csv").write_text("lat,lon,ground_lat,ground_lon\n1,2,3,4\n5,6,7,8\n")

    with pytest.raises(DataError, match=r"all\.csv row 1: a header, 'lat,.*; remove it"):
        open_dataset(folder, "cvusa", faults=Faults(skip=True)).places("val")


def test_broken_rows_are_left_out_and_listed_where_asked(folder: Path) -> None:
    write_split(folder, row(1), "one", row(1), row(3), row(2))
    (folder / "all.csv").write_text("1,2,3,4\n1,2,3,4\n")
    faults = Faults(skip=True)

    places = open_dataset(folder, "cvusa", faults=faults).places("val")

    assert [(place.id, place.row[-1]) for place in places] == [("0000001", "1"), ("0000002", "5")]
    assert [line.split(": ")[0][-5:] for line in faults.broken] == ["row 2", "row 3", "row 4"]


def test_only_broken_rows_are_an_empty_split(folder: Path) -> None:
    write_split(folder, "one", "two")

    with pytest.raises(DataError, match="no rows that can be used"):
        open_dataset(folder, "cvusa", faults=Faults(skip=True)).places("val")


def test_a_folder_of_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"val-19zl\.csv: No such file.*expected CVUSA's layout"):
        read_places(tmp_path, "cvusa", "val")


def test_there_is_no_test_split(folder: Path) -> None:
    with pytest.raises(ConfigError, match="ask for train or val"):
        read_places(folder, "cvusa", "test")


degrees = st.tuples(
    st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180)
)


@same_folder
@given(ids=st.lists(st.integers(1, 20), min_size=1, unique=True), located=st.lists(degrees))
def test_what_was_written_is_read(
    folder: Path, ids: list[int], located: list[tuple[float, ...]]
) -> None:
    located = located + [(0.0,) * 4] * (20 - len(located))
    write_split(folder, *map(row, ids))
    (folder / "all.csv").write_text("".join(",".join(map(repr, each)) + "\n" for each in located))

    places = read_places(folder, "cvusa", "val")

    assert [int(place.id) for place in places] == ids
    for place in places:
        came = (place.tile_latitude, place.tile_longitude, place.latitude, place.longitude)
        assert came == located[int(place.id) - 1]


pieces = st.sampled_from(
    [b"bingmap/19/", b"streetview/panos/", b"0000001", b".jpg", b",", b"\n", b"\r", b'"', b"-91.5",
     b"\0", b"\xff", b"\xc2\xb2", b"\xd9\xa1", b"1" * 30, b"nan", b"\xef\xbb\xbf"]
)  # fmt: skip
garbage = st.lists(st.one_of(pieces, st.binary(max_size=4))).map(b"".join)


@same_folder
@given(split=garbage, locations=garbage, skip=st.booleans())
def test_any_bytes_are_read_or_refused(
    folder: Path, split: bytes, locations: bytes, skip: bool
) -> None:
    valid = row(1).encode() + b"\n"
    (folder / "splits" / "val-19zl.csv").write_bytes(valid + split)
    (folder / "all.csv").write_bytes(locations)

    with suppress(DataError):
        assert open_dataset(folder, "cvusa", faults=Faults(skip)).places("val")


@real_split
def test_the_real_val_split_parses_whole() -> None:
    places = read_places(REAL, "cvusa", "val")

    assert len(places) == 8884
    assert all(place.latitude is not None for place in places)
    assert places[0].id == "0001227"


@real_split
def test_each_of_the_real_coordinates_is_read(tmp_path: Path) -> None:
    (tmp_path / "splits").mkdir()
    (tmp_path / "all.csv").symlink_to(REAL / "all.csv")
    write_split(tmp_path, *map(row, range(1, 45517)))

    places = read_places(tmp_path, "cvusa", "val")

    assert len(places) == 45516
    for place in places:
        tile = place.tile_latitude, place.tile_longitude
        assert distance_m(place.latitude, place.longitude, *tile) < 60
