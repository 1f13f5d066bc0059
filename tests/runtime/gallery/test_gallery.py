"""A gallery grows by whole commits, from one network, by one writer."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.errors import (
    ArtifactError,
    ConfigError,
    DataError,
    EmbeddingError,
    ShapeError,
    SpaceMismatch,
)
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.gallery.location import TABLE
from clnet.runtime.item import Item

INFO = GalleryInfo("a" * 32, 16, "satellite")

Rows = Callable[..., NDArray[np.float32]]


def items(start: int, stop: int) -> list[Item]:
    return [Item(f"p{n}", Path(f"tiles/{n}.png"), n / 10, -n / 10) for n in range(start, stop)]


@pytest.fixture
def path(tmp_path: Path, unit_rows: Rows) -> Path:
    """Three places."""
    with gallery_writer(tmp_path / "gallery", INFO) as writer:
        writer.append(items(0, 3), unit_rows(3))
    return tmp_path / "gallery"


def test_what_was_added_is_read_back(path: Path, unit_rows: Rows) -> None:
    gallery = Gallery.open(path)

    rows = gallery.read()

    assert (len(gallery), gallery.info) == (3, INFO)
    assert rows.ids == ("p0", "p1", "p2")
    assert rows.paths[2] == str(Path("tiles/2.png").absolute())
    np.testing.assert_array_equal(rows.latitudes, [0, 0.1, 0.2])
    np.testing.assert_array_equal(rows.longitudes, [0, -0.1, -0.2])
    np.testing.assert_array_equal(rows.embeddings, unit_rows(3))


def test_an_unknown_position_is_nan(path: Path, unit_rows: Rows) -> None:
    with gallery_writer(path, INFO) as writer:
        writer.append([Item("lost", Path("lost.png"))], unit_rows(1, seed=5))

    rows = Gallery.open(path).read()

    assert np.isnan(rows.latitudes[3])
    assert np.isnan(rows.longitudes[3])


def test_float16_galleries_are_read_as_float32(tmp_path: Path, unit_rows: Rows) -> None:
    with gallery_writer(tmp_path / "half", replace(INFO, number_format="float16")) as writer:
        writer.append(items(0, 9), unit_rows(9))

    gallery = Gallery.open(tmp_path / "half")

    embeddings = gallery.read().embeddings
    assert gallery.info.number_format == "float16"
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(embeddings, unit_rows(9), atol=5e-4)


def test_rows_keep_the_order_in_which_they_were_added(tmp_path: Path, unit_rows: Rows) -> None:
    with gallery_writer(tmp_path / "many", INFO) as writer:
        for start in range(0, 60, 3):
            writer.append(items(start, start + 3), unit_rows(3, seed=start))

    rows = Gallery.open(tmp_path / "many").read()

    assert rows.ids == tuple(f"p{n}" for n in range(60))
    expected = np.concatenate([unit_rows(3, seed=start) for start in range(0, 60, 3)])
    np.testing.assert_array_equal(rows.embeddings, expected)


def test_ids_that_are_there_are_skipped(path: Path, unit_rows: Rows) -> None:
    with gallery_writer(path, INFO) as writer:
        assert writer.append(items(1, 5), unit_rows(4, seed=9)) == 2
        assert writer.append(items(1, 5), unit_rows(4, seed=9)) == 0

    rows = Gallery.open(path).read()

    assert rows.ids == ("p0", "p1", "p2", "p3", "p4")
    np.testing.assert_array_equal(rows.embeddings[1], unit_rows(3)[1])


def test_a_reader_sees_the_commits_before_it(path: Path, unit_rows: Rows) -> None:
    with gallery_writer(path, INFO) as writer:
        writer.append(items(3, 5), unit_rows(2))

        assert len(Gallery.open(path)) == 5


def test_another_network_is_refused_with_both_ids(path: Path) -> None:
    other = replace(INFO, embedding_space_id="b" * 32)

    with (
        pytest.raises(SpaceMismatch, match=f"space {'a' * 32}, the bundle makes {'b' * 32}"),
        gallery_writer(path, other),
    ):
        pass


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"embedding_dim": 8}, r"holds satellite embeddings of 16 x float32, asked .* 8 x float32"),
        ({"number_format": "float16"}, r"16 x float32, asked for was .* 16 x float16"),
        ({"view": "ground"}, "holds satellite embeddings .* asked for was ground"),
    ],
)
def test_embeddings_of_another_kind_are_refused(
    path: Path, change: dict[str, object], message: str
) -> None:
    with (
        pytest.raises(ConfigError, match=message),
        gallery_writer(path, replace(INFO, **change)),  # type: ignore[arg-type]
    ):
        pass


def test_a_block_with_a_broken_row_is_refused_whole(path: Path, unit_rows: Rows) -> None:
    broken = unit_rows(4)
    broken[1, 0] = np.nan

    with gallery_writer(path, INFO) as writer, pytest.raises(EmbeddingError, match="nan in row 1"):
        writer.append(items(3, 7), broken)

    assert len(Gallery.open(path)) == 3


def test_one_id_twice_in_a_block_is_refused(path: Path, unit_rows: Rows) -> None:
    with gallery_writer(path, INFO) as writer, pytest.raises(DataError, match="occurs twice"):
        writer.append(items(5, 6) * 2, unit_rows(2))


def test_as_many_rows_as_items_are_expected(path: Path, unit_rows: Rows) -> None:
    with gallery_writer(path, INFO) as writer, pytest.raises(ShapeError, match="expected 2 rows"):
        writer.append(items(5, 7), unit_rows(3))


def test_two_writers_at_once_are_refused(path: Path) -> None:
    with (
        gallery_writer(path, INFO),
        pytest.raises(ArtifactError, match=r"another process is writing to .*: wait for it"),
        gallery_writer(path, INFO),
    ):
        pass


def test_the_lock_ends_with_the_writer(path: Path) -> None:
    for _ in range(2):
        with gallery_writer(path, INFO) as writer:
            assert writer.ids == {"p0", "p1", "p2"}


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()

    with (
        pytest.raises(ArtifactError, match=r"is no gallery, it holds holiday\.jpg: choose"),
        gallery_writer(tmp_path, INFO),
    ):
        pass

    assert [entry.name for entry in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_file_is_no_gallery(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with (
        pytest.raises(ArtifactError, match="is a file; a gallery is a folder"),
        gallery_writer(tmp_path / "file", INFO),
    ):
        pass


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_where_nothing_is_there_is_nothing_to_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(ArtifactError, match="is no gallery; make one with clnet-embed"):
        Gallery.open(tmp_path / name)


def test_a_table_of_someone_else_is_refused(tmp_path: Path) -> None:
    import lancedb
    import pyarrow as pa

    lancedb.connect(str(tmp_path)).create_table(TABLE, pa.table({"id": ["1"]}))

    with pytest.raises(ArtifactError, match="is a Lance table but no gallery of clnet"):
        Gallery.open(tmp_path)


def test_a_creation_that_was_killed_does_not_stand_in_the_way(
    tmp_path: Path, unit_rows: Rows
) -> None:
    torn = tmp_path / f"{TABLE}.lance" / "data"
    torn.mkdir(parents=True)
    (torn / "half.lance").write_bytes(b"half")

    with gallery_writer(tmp_path, INFO) as writer:
        writer.append(items(0, 2), unit_rows(2))

    assert Gallery.open(tmp_path).ids() == ["p0", "p1"]


def test_a_damaged_file_is_an_error_of_ours(path: Path) -> None:
    for data in (path / f"{TABLE}.lance" / "data").iterdir():
        data.write_bytes(b"\0" * data.stat().st_size)

    with pytest.raises(ArtifactError, match="cannot read the gallery"):
        Gallery.open(path).read()


def test_importing_the_gallery_does_not_import_lancedb() -> None:
    code = "import clnet.runtime, sys; sys.exit('lancedb' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
