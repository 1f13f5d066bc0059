"""VIGOR's lists as places and as a task; images are never looked for."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clnet.runtime import ConfigError, DataError
from clnet.runtime.datasets import Faults
from clnet.runtime.datasets.vigor import Vigor

TEST = "same_area_balanced_test"
CITIES = ("NewYork", "Seattle", "SanFrancisco", "Chicago")


def tile(city: str, number: int) -> str:
    return f"satellite_{CITIES.index(city)}.{number:04}_-122.5.png"


def label(city: str, number: int, *tiles: int) -> str:
    named = " ".join(f"{tile(city, one)} {10.0 * one} -3.5" for one in tiles)
    return f"{city}-{number}_x,{CITIES.index(city)}.{number:06},-122.25,.jpg {named}"


def write_city(
    root: Path,
    city: str,
    labels: list[str],
    tiles: list[str],
    name: str = TEST,
) -> None:
    for kind in ("panorama", "satellite"):
        (root / city / kind).mkdir(parents=True, exist_ok=True)
    lists = root / "splits" / city
    lists.mkdir(parents=True, exist_ok=True)
    (lists / f"{name}.txt").write_text("".join(f"{row}\n" for row in labels), "utf-8")
    (lists / "satellite_list.txt").write_text("".join(f"{row}\n" for row in tiles))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Four cities of two panoramas and six tiles; in each, tiles 0 and 5 show nothing."""
    for city in CITIES:
        labels = [label(city, 0, 1, 2, 3, 4), label(city, 1, 3, 1, 4, 2)]
        for name in (TEST, "same_area_balanced_train", "pano_label_balanced"):
            write_city(tmp_path, city, labels, [tile(city, one) for one in range(6)], name)
    return tmp_path


def rewrite(root: Path, city: str, *rows: str, name: str = TEST) -> None:
    (root / "splits" / city / f"{name}.txt").write_text("".join(f"{row}\n" for row in rows))


def test_a_row_is_a_place_with_its_positive_tile_and_three_more_that_show_it(root: Path) -> None:
    place = Vigor(root, Faults()).places("test")[3]

    assert place.id == "Seattle-1_x"
    assert place.ground == root / "Seattle/panorama/Seattle-1_x,1.000001,-122.25,.jpg"
    assert place.satellite == root / "Seattle/satellite/satellite_1.0003_-122.5.png"
    assert place.tile == tile("Seattle", 3)
    assert place.also_on == tuple(tile("Seattle", one) for one in (1, 4, 2))
    assert place.row.endswith("splits/Seattle/same_area_balanced_test.txt row 2")


def test_positions_are_read_from_the_names(root: Path) -> None:
    place = Vigor(root, Faults()).places("test")[3]

    assert (place.latitude, place.longitude) == (1.000001, -122.25)
    assert (place.tile_latitude, place.tile_longitude) == (1.0003, -122.5)


def test_the_gallery_is_every_tile_of_the_split_also_those_that_show_no_panorama(
    root: Path,
) -> None:
    (task,) = Vigor(root, Faults()).tasks("test")

    assert task.name == "VIGOR same-area test"
    assert task.query_view == "ground"
    assert [picture.id for picture in task.gallery] == [
        tile(city, one) for city in CITIES for one in range(6)
    ]
    assert len(task.queries) == 8


def test_a_task_by_corrected_labels_says_so(root: Path) -> None:
    (root / "splits").rename(root / "splits__corrected")

    (task,) = Vigor(root, Faults(), labels="corrected").tasks("test")

    assert task.name == "VIGOR same-area test, corrected labels"


def test_semi_positives_are_wrong_in_one_protocol_and_ignored_in_the_other(root: Path) -> None:
    (task,) = Vigor(root, Faults()).tasks("test")
    exact, hit_rate = task.protocols

    assert exact.name == "positive tile"
    assert exact.ignored is None
    assert hit_rate.name == "hit rate (semi-positives ignored)"
    assert hit_rate.ignored is not None
    for protocol in task.protocols:
        assert protocol.right.of_query(3).tolist() == [6 + 3]
    assert hit_rate.ignored.of_query(3).tolist() == [6 + 1, 6 + 2, 6 + 4]


def test_scores_can_be_averaged_over_cities(root: Path) -> None:
    (task,) = Vigor(root, Faults()).tasks("test")

    assert [picture.group for picture in task.queries[::2]] == list(CITIES)
    assert [picture.group for picture in task.gallery[::6]] == list(CITIES)


@pytest.mark.parametrize(
    ("split", "cities"),
    [("train", ["NewYork", "Seattle"]), ("test", ["SanFrancisco", "Chicago"])],
)
def test_the_cross_area_division_trains_and_tests_in_two_cities_each(
    root: Path, split: str, cities: list[str]
) -> None:
    (task,) = Vigor(root, Faults(), "cross").tasks(split)  # type: ignore[arg-type]

    assert task.name == f"VIGOR cross-area {split}"
    assert [picture.group for picture in task.queries[::2]] == cities
    assert [picture.group for picture in task.gallery[::6]] == cities
    assert "pano_label_balanced.txt" in task.queries[0].row


def test_train_and_test_have_lists_of_their_own(root: Path) -> None:
    rewrite(root, "Chicago", label("Chicago", 7, 0, 1, 2, 3), name="same_area_balanced_train")

    assert Vigor(root, Faults()).places("train")[-1].id == "Chicago-7_x"
    assert Vigor(root, Faults()).places("test")[-1].id == "Chicago-1_x"


def test_there_is_no_val_split(root: Path) -> None:
    with pytest.raises(ConfigError, match="VIGOR has no val split: train and test"):
        Vigor(root, Faults()).places("val")


GOOD = label("Seattle", 0, 1, 2, 3, 4)
BROKEN_ROWS = [
    pytest.param(GOOD.rsplit(" ", 1)[0], "row 2: expected 13 fields", id="12-fields"),
    pytest.param(GOOD.replace(",", ";"), "row 2: expected '<id>,<latitude>", id="no-commas"),
    pytest.param(GOOD.replace("-3.5", "west"), "row 2: expected two numbers", id="no-number"),
    pytest.param(GOOD.replace("-3.5", "nan"), "row 2: expected two numbers", id="nan"),
    pytest.param(GOOD.replace(",1.0", ",91.0"), "row 2: expected degrees", id="off-the-globe"),
    pytest.param(label("Seattle", 9, 1, 1, 2, 3), "expected four different tiles", id="tile-twice"),
    pytest.param(label("Seattle", 9, 9, 1, 2, 3), r"_1\.0009_.* not in .*_list", id="tile"),
    pytest.param(label("Seattle", 9, 1, 2, 3, 9), r"_1\.0009_.* not in .*_list", id="semi"),
    pytest.param(GOOD, "Seattle-0_x is listed twice, first in .* row 1", id="panorama-twice"),
]


@pytest.mark.parametrize(("row", "message"), BROKEN_ROWS)
def test_a_broken_row_is_refused_by_file_row_and_remedy(root: Path, row: str, message: str) -> None:
    rewrite(root, "Seattle", GOOD, row)

    with pytest.raises(DataError, match=message) as refusal:
        Vigor(root, Faults()).places("test")

    assert "splits/Seattle/same_area_balanced_test.txt row 2" in str(refusal.value)
    assert "--skip-broken" in str(refusal.value)


@pytest.mark.parametrize(("row", "message"), BROKEN_ROWS)
def test_a_broken_row_is_left_out_and_listed_on_demand(root: Path, row: str, message: str) -> None:
    rewrite(root, "Seattle", GOOD, row, label("Seattle", 2, 2, 3, 4, 5))
    faults = Faults(skip=True)

    (task,) = Vigor(root, faults).tasks("test")

    assert [query.id for query in task.queries[2:4]] == ["Seattle-0_x", "Seattle-2_x"]
    assert len(faults.broken) == 1


def test_a_broken_tile_is_refused_by_file_and_row(root: Path) -> None:
    rewrite(root, "Seattle", tile("Seattle", 0), "tile.png", name="satellite_list")

    with pytest.raises(DataError, match=r"satellite_list\.txt row 2: expected 'satellite_<lat"):
        Vigor(root, Faults()).places("test")


def test_a_tile_listed_twice_is_refused_by_both_rows(root: Path) -> None:
    rewrite(root, "Seattle", tile("Seattle", 0), tile("Seattle", 0), name="satellite_list")

    with pytest.raises(DataError, match=r"row 2: .* is listed twice, first in .* row 1"):
        Vigor(root, Faults()).places("test")


def test_an_empty_list_is_refused(root: Path) -> None:
    rewrite(root, "Seattle", "", " ")

    with pytest.raises(DataError, match=r"same_area_balanced_test\.txt: no rows"):
        Vigor(root, Faults(skip=True)).places("test")


def test_a_split_of_which_nothing_can_be_used_is_refused_by_its_last_fault(root: Path) -> None:
    for city in CITIES:
        rewrite(root, city, "garbage")

    with pytest.raises(DataError, match=r"nothing of .* can be used; .*Chicago.* row 1"):
        Vigor(root, Faults(skip=True)).places("test")


def test_lists_of_one_city_under_the_name_of_another_are_refused(root: Path) -> None:
    for name in (TEST, "satellite_list"):
        copied = root / "splits/Seattle" / f"{name}.txt"
        (root / "splits/Chicago" / f"{name}.txt").write_bytes(copied.read_bytes())

    with pytest.raises(DataError, match="is listed in Seattle and in Chicago"):
        Vigor(root, Faults()).places("test")


@settings(max_examples=60)
@given(row=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_garbage_is_one_fault_of_its_row_or_blank(row: str) -> None:
    row = "".join(row.splitlines())
    with TemporaryDirectory() as folder:
        for city in CITIES:
            rows = [label(city, 0, 1, 2, 3, 4), *([row] if city == "Seattle" else [])]
            write_city(Path(folder), city, rows, [tile(city, one) for one in range(6)])
        faults = Faults(skip=True)

        places = Vigor(Path(folder), faults).places("test")

    assert len(places) == 4
    assert ["txt row 2: expected" in fault for fault in faults.broken] == [True] * bool(row.strip())


@settings(max_examples=25)
@given(data=st.data())
def test_what_is_written_is_what_is_read(data: st.DataObject) -> None:
    shown = st.lists(st.integers(0, 7), min_size=4, max_size=4, unique=True)
    written = {city: data.draw(st.lists(shown, min_size=1, max_size=5)) for city in CITIES}
    with TemporaryDirectory() as folder:
        for city, each in written.items():
            labels = [label(city, number, *tiles) for number, tiles in enumerate(each)]
            write_city(Path(folder), city, labels, [tile(city, one) for one in range(8)])

        (task,) = Vigor(Path(folder), Faults()).tasks("test")

    positive, hit_rate = task.protocols
    assert hit_rate.ignored is not None
    read, also = (
        [{task.gallery[row].id for row in rows.of_query(query)} for query in range(len(rows))]
        for rows in (positive.right, hit_rate.ignored)
    )
    rows_written = [(city, tiles) for city, each in written.items() for tiles in each]
    assert read == [{tile(city, tiles[0])} for city, tiles in rows_written]
    assert also == [{tile(city, one) for one in tiles[1:]} for city, tiles in rows_written]
