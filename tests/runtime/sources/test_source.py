"""What a user points at becomes a sequence of items, or one clear line."""

import gc
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clnet.runtime.errors import DataError
from clnet.runtime.item import Item
from clnet.runtime.sources import read_source, read_sources

HELSINKI = Path(__file__).parents[4] / "shared" / "data" / "helsinki" / "places.csv"


def table(folder: Path, text: str, name: str = "places.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_a_single_image_is_known_by_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "house.jpg")

    assert list(read_source(tmp_path / "house.jpg")) == [Item("house", tmp_path / "house.jpg")]


def test_a_folder_is_searched_with_its_sub_folders_in_order(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.PNG", "a/1.jpg", "b/notes.txt", "0.webp")

    assert [item.id for item in read_source(tmp_path)] == ["0", "a/1", "b/2"]


def test_a_doubled_name_keeps_its_suffix(tmp_path: Path) -> None:
    touch(tmp_path, "1.jpg", "1.png", "2.png")

    assert [item.id for item in read_source(tmp_path)] == ["1.jpg", "1.png", "2"]


def test_a_glob_takes_what_it_matches(tmp_path: Path) -> None:
    touch(tmp_path, "x/1_sat.jpg", "x/1_street.jpg", "y/2_sat.jpg")

    assert [item.id for item in read_source(f"{tmp_path}/*/*_sat.jpg")] == ["x/1_sat", "y/2_sat"]


def test_a_csv_gives_ids_paths_and_positions(tmp_path: Path) -> None:
    path = table(tmp_path, "id,path,latitude,longitude\n007,in/a.jpg,60.5,-24.25\n")

    assert list(read_source(path)) == [Item("007", tmp_path / "in" / "a.jpg", 60.5, -24.25)]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_text("id,path\n1,a.jpg\n", encoding="utf-8-sig")

    assert read_source(path)[0].id == "1"


def test_without_an_id_column_the_path_is_the_id(tmp_path: Path) -> None:
    path = table(tmp_path, "path\nin/a.jpg\n")

    assert list(read_source(path)) == [Item("in/a", tmp_path / "in" / "a.jpg")]


def test_an_empty_position_is_unknown(tmp_path: Path) -> None:
    path = table(tmp_path, "id,path,latitude,longitude\n1,a.jpg,,\n")

    assert list(read_source(path)) == [Item("1", tmp_path / "a.jpg")]


@pytest.mark.parametrize("unit", ["", "_deg"])
def test_a_photographs_heading_and_field_of_view_may_stand_in_a_table(
    tmp_path: Path, unit: str
) -> None:
    rows = "a.jpg,-450.5,90\nb.jpg,,\nc.jpg,7,\n"
    path = table(tmp_path, f"path,heading{unit},fov{unit}\n{rows}")

    crops = [(item.heading_deg, item.fov_deg) for item in read_source(path)]

    assert crops == [(-450.5, 90), (None, None), (7, None)]


def test_parquet_gives_the_same_items_as_csv(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    rows = {"id": [1, 2], "path": ["a.jpg", "b.jpg"], "latitude": [1.5, None],
            "longitude": [2.5, None]}  # fmt: skip
    parquet.write_table(pa.table(rows), tmp_path / "places.parquet")

    assert list(read_source(tmp_path / "places.parquet")) == [
        Item("1", tmp_path / "a.jpg", 1.5, 2.5),
        Item("2", tmp_path / "b.jpg"),
    ]


@pytest.mark.parametrize("header", ["path,lat,lon", "path,latitude,lng"])
def test_coordinates_may_have_short_names(tmp_path: Path, header: str) -> None:
    (tmp_path / "places.csv").write_text(f"{header}\na.jpg,1.5,2.5\n")

    (item,) = read_source(tmp_path / "places.csv")

    assert (item.latitude, item.longitude) == (1.5, 2.5)


def test_another_column_may_name_the_images() -> None:
    if not HELSINKI.is_file():
        pytest.skip(f"{HELSINKI} is not here")

    items = read_source(HELSINKI, path_column="street")

    assert len(items) == 10
    assert all(item.path.is_file() and item.latitude for item in items)


def test_a_name_that_is_not_utf_8_is_refused_before_anything_is_embedded(tmp_path: Path) -> None:
    touch(tmp_path, os.fsdecode(b"caf\xe9.jpg"))

    with pytest.raises(DataError, match=r"expected a file name in UTF-8, got .*rename it"):
        read_source(tmp_path)


def test_rows_and_slices_of_a_long_table_are_the_same_items(tmp_path: Path) -> None:
    lines = "".join(f"{row}.jpg,{row / 1000},{-row / 1000}\n" for row in range(1, 1000))
    items = read_source(table(tmp_path, "path,latitude,longitude\n" + lines))

    assert len(items) == 999
    assert items[-1] == Item("999", tmp_path / "999.jpg", 0.999, -0.999)
    assert items[500:502] == [items[500], items[501]]
    with pytest.raises(IndexError):
        items[999]


def test_a_row_of_a_table_takes_half_a_kilobyte(tmp_path: Path) -> None:
    rows = 4_000
    lines = "".join(f"{row:08},in/some/folder/{row:08}.jpg,60,24\n" for row in range(rows))
    path = table(tmp_path, "id,path,latitude,longitude\n" + lines)
    held, peak = min(_memory_of_reading(path) for _ in range(3))

    assert len(read_source(path)) == rows
    assert held / rows < 500  # as objects: over 1,000
    assert peak / rows < 700


def _memory_of_reading(path: Path) -> tuple[int, int]:
    """Bytes held and at most; a late import or Python's growing table of names may be in them."""
    gc.collect()
    tracemalloc.start()
    try:
        items = read_source(path)
        return tracemalloc.get_traced_memory() if len(items) else (0, 0)
    finally:
        tracemalloc.stop()


def test_several_sources_follow_each_other(tmp_path: Path) -> None:
    touch(tmp_path, "b.jpg", "a/1.jpg")

    assert [item.id for item in read_sources([tmp_path / "b.jpg", tmp_path / "a"])] == ["b", "1"]


def test_the_same_id_in_two_sources_is_refused(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "b/1.jpg")

    with pytest.raises(DataError, match="1 ids occur more than once, the first is '1'"):
        read_sources([tmp_path / "a", tmp_path / "b"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,street\n1,a.jpg\n", "no column 'path'; it has id, street; .*--path-column"),
        ("id,path\n", "no rows"),
        ("", "no rows"),
        ("id,path\n1,a.jpg\n1,b.jpg\n", "1 ids occur more than once, the first is '1'"),
        ("id,path\n1,\n", "line 2: expected a path in column 'path', got ''"),
        ("id,path\n,a.jpg\n", "line 2: the id is empty"),
        ("id,path\n1\n", "line 2: expected as many fields as the header has"),
        ("id,path\n1,a.jpg,3\n", "line 2: expected as many fields as the header has"),
        ("id,path,latitude\n1,a.jpg,3\n", "both latitude and longitude, or neither"),
        ("id,path,latitude,longitude\n1,a,0,0\n2,b,91,0\n", "line 3: .* latitude 91.0 is not"),
        ("id,path,latitude,longitude\n1,a,north,0\n", "line 2: expected degrees, got 'north'"),
        ("id,path,latitude,longitude\n1,a,inf,0\n", "line 2: .* latitude inf is not"),
        ("id,path,latitude,longitude\n1,a,5,\n", "line 2: .* longitude nan is not"),
        ("path,heading,fov\na,0,361\n", "line 2: expected degrees, got '0', '361': fov 361.0 is"),
        ("path,heading\na,1\nb,east\n", "line 3: .* heading nan is not a number"),
        ("path,fov\na,0\n", "line 2: .* fov 0.0 is not"),
        ("path,id,id\na,1,2\n", "the column 'id' occurs twice"),
        ('path,note\na,"x\ny"\nb\n', "line 4: expected as many fields as the header has, 2; got 1"),
    ],
)
def test_a_table_at_fault_is_refused_by_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_source(table(tmp_path, text))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nowhere", "nowhere does not exist: expected an image, a folder, a glob.* or - for"),
        ("empty", "the folder .*empty holds no images"),
        ("empty/*.jpg", "the pattern .* holds no images"),
    ],
)
def test_a_source_without_images_is_refused(tmp_path: Path, source: str, message: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(DataError, match=message):
        read_source(tmp_path / source)


@pytest.mark.parametrize("name", ["torn.csv", "torn.parquet"])
def test_a_damaged_table_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xfe\x00PAR1")

    with pytest.raises(DataError, match=f"cannot read .*{name}"):
        read_source(tmp_path / name)


@given(st.text())
@example(",/")
def test_any_text_in_a_csv_gives_items_or_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(b"id,path\n" + text.encode("utf-8", "surrogatepass"))

    try:
        said = f"{path} {len(read_source(path))}"
    except DataError as error:
        said = str(error)
    assert str(path) in said
