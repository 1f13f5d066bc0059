"""A writer refuses what does not belong into its gallery before it writes anything."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.embeddings import NORM_TOLERANCE
from clnet.runtime.errors import ArtifactError, DataError, EmbeddingError, ShapeError, SpaceMismatch
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.gallery.location import TABLE, Location
from clnet.runtime.gallery.table import schema_of
from clnet.runtime.item import Item

Rows = Callable[..., NDArray[np.float32]]
Items = Callable[[int, int], list[Item]]


@pytest.fixture
def path(fill: Callable[..., Path], tmp_path: Path) -> Path:
    """Three places."""
    return fill(tmp_path / "gallery", 3)


def spoiled(rows: NDArray[np.float32], value: float) -> NDArray[np.float32]:
    rows[1, 0] = value
    return rows


@pytest.mark.parametrize("value", [np.nan, np.inf, 2.0])
def test_embeddings_that_are_no_unit_vectors_are_refused(
    path: Path, info: GalleryInfo, items: Items, unit_rows: Rows, value: float
) -> None:
    with gallery_writer(path, info) as writer, pytest.raises(EmbeddingError, match="row 1"):
        writer.append(items(3, 6), spoiled(unit_rows(3), value))

    assert Gallery.open(path).ids() == ["p0", "p1", "p2"]


def test_embeddings_of_another_length_are_refused(
    path: Path, info: GalleryInfo, items: Items, unit_rows: Rows
) -> None:
    with gallery_writer(path, info) as writer, pytest.raises(ShapeError, match=r"\[n, 16\], got"):
        writer.append(items(3, 6), unit_rows(3, 8))


@pytest.mark.parametrize(
    ("position", "message"),
    [
        ((90.5, 0.0), "place far: latitude 90.5 is not a number of degrees from -90 to 90"),
        ((0.0, -181.0), "place far: longitude -181.0"),
        ((np.inf, 0.0), "place far: latitude inf"),
        ((12.0, None), "place far: longitude nan"),
    ],
)
def test_positions_off_the_globe_are_refused(
    path: Path, info: GalleryInfo, unit_rows: Rows, position: tuple[float, float], message: str
) -> None:
    block = [Item("near", Path("a.png"), 1.0, 1.0), Item("far", Path("b.png"), *position)]

    with gallery_writer(path, info) as writer, pytest.raises(DataError, match=message):
        writer.append(block, unit_rows(2))

    assert len(Gallery.open(path)) == 3


def test_a_row_that_becomes_too_long_in_half_precision_is_refused(
    tmp_path: Path, info: GalleryInfo, items: Items, unit_rows: Rows
) -> None:
    rows = unit_rows(50) * np.float32(1 + 0.99 * NORM_TOLERANCE)
    longer = np.linalg.norm(rows.astype(np.float16).astype(float), axis=1) > 1.001
    row = rows[longer][:1]
    with gallery_writer(tmp_path / "full", info) as writer:
        assert writer.append(items(0, 1), row) == 1

    half = replace(info, number_format="float16")
    with gallery_writer(tmp_path / "half", half) as writer, pytest.raises(EmbeddingError):
        writer.append(items(0, 1), row)


@pytest.mark.parametrize("way", ["overwrite", "drop"])
def test_a_gallery_that_became_another_is_refused_at_the_next_append(
    path: Path, info: GalleryInfo, items: Items, unit_rows: Rows, way: str
) -> None:
    import lancedb

    other = schema_of(replace(info, embedding_space_id="b" * 32))
    with gallery_writer(path, info) as writer:
        writer.append(items(3, 4), unit_rows(1))
        rude = lancedb.connect(str(path))  # someone who asks for no lock
        if way == "drop":
            rude.drop_table(TABLE)
        rude.create_table(TABLE, schema=other, mode="overwrite" if way == "overwrite" else "create")

        with pytest.raises(SpaceMismatch, match=f"space {'b' * 32}, the bundle makes {'a' * 32}"):
            writer.append(items(4, 5), unit_rows(1))

    assert len(Gallery.open(path)) == 0


def test_what_someone_without_the_lock_added_is_seen_before_the_next_append(
    path: Path, info: GalleryInfo, items: Items, unit_rows: Rows
) -> None:
    with gallery_writer(path, info) as writer:
        foreign = Location.of(path).open_table()
        foreign.add(
            Gallery.open(path)
            .table.search()
            .where("id = 'p0'")
            .to_arrow()
            .set_column(0, "id", [["stranger"]])
            .cast(foreign.schema)
        )

        added = writer.append([Item("stranger", Path("x.png")), *items(3, 4)], unit_rows(2))

    assert added == 1
    assert sorted(Gallery.open(path).ids()) == ["p0", "p1", "p2", "p3", "stranger"]


def test_the_message_says_who_writes(path: Path, info: GalleryInfo) -> None:
    with (
        gallery_writer(path, info),
        pytest.raises(ArtifactError, match=rf"another process .* \(process {os.getpid()} on "),
        gallery_writer(path, info),
    ):
        pass


HOLD = """
import sys
from clnet.runtime.gallery import GalleryInfo, gallery_writer
with gallery_writer(sys.argv[1], GalleryInfo("a" * 32, 16, "satellite")):
    print("holding", flush=True)
    sys.stdin.read()
"""


def test_a_writer_that_was_killed_frees_the_lock(path: Path, info: GalleryInfo) -> None:
    words = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"holding\n"
        with (
            pytest.raises(ArtifactError, match=rf"process {child.pid} on"),
            gallery_writer(path, info),
        ):
            pass
        child.kill()
    assert child.returncode == -signal.SIGKILL

    with gallery_writer(path, info) as writer:
        assert writer.ids == {"p0", "p1", "p2"}


def test_a_place_that_cannot_be_written_is_refused(info: GalleryInfo) -> None:
    with (
        pytest.raises(ArtifactError, match="cannot write /proc/gallery"),
        gallery_writer("/proc/gallery", info),
    ):
        pass


def test_a_folder_may_be_named_by_a_file_uri(
    tmp_path: Path, info: GalleryInfo, items: Items, unit_rows: Rows
) -> None:
    location = f"file://{tmp_path}/a%20gallery"
    with gallery_writer(location, info) as writer:
        writer.append(items(0, 2), unit_rows(2))

    assert Gallery.open(tmp_path / "a gallery").ids() == ["p0", "p1"]
    assert len(Gallery.open(location)) == 2


def test_an_unknown_scheme_is_refused_with_the_known_ones(info: GalleryInfo) -> None:
    with pytest.raises(DataError, match=r"a folder or one of s3://, gs://, az://, got ftp://"):
        Gallery.open("ftp://host/gallery")
