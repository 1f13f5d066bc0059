"""Compaction changes files and nothing else, whoever reads and whatever kills it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.errors import ArtifactError
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.gallery.upkeep import COMPACT_COMMITS, compact_gallery, count_fragments

Rows = Callable[..., NDArray[np.float32]]
Fill = Callable[..., Path]


def test_compaction_keeps_rows_and_their_order(fill: Fill, unit_rows: Rows, tmp_path: Path) -> None:
    path = fill(tmp_path / "gallery", 60, commit=7)

    upkeep = compact_gallery(path)

    gallery = Gallery.open(path)
    assert (upkeep.fragments_before, upkeep.fragments_after) == (9, 1)
    assert upkeep.versions_after == 1
    assert gallery.ids() == [f"p{n}" for n in range(60)]
    np.testing.assert_array_equal(gallery.embeddings(np.arange(60)), unit_rows(60))


def test_a_writer_compacts_by_itself(fill: Fill, unit_rows: Rows, tmp_path: Path) -> None:
    count = COMPACT_COMMITS + 6
    gallery = Gallery.open(fill(tmp_path / "gallery", count, commit=1))

    assert count_fragments(gallery.table) == 7
    assert len(gallery.table.list_versions()) < COMPACT_COMMITS
    np.testing.assert_array_equal(gallery.read().embeddings, unit_rows(count))


def test_compaction_leaves_the_version_of_a_reader(
    fill: Fill, unit_rows: Rows, tmp_path: Path
) -> None:
    path = fill(tmp_path / "gallery", 40, commit=10)
    reader = Gallery.open(path)

    kept = compact_gallery(path)

    assert kept.versions_after > 1
    np.testing.assert_array_equal(np.concatenate(list(reader.blocks())), unit_rows(40))
    del reader
    assert compact_gallery(path).versions_after == 1


def test_what_a_killed_append_left_goes_with_a_compaction(fill: Fill, tmp_path: Path) -> None:
    path = fill(tmp_path / "gallery", 20, commit=5)
    torn = path / "places.lance" / "data" / "torn.lance"
    torn.write_bytes(b"half")

    compact_gallery(path)

    assert not torn.exists()
    assert len(Gallery.open(path)) == 20


def test_compaction_waits_for_no_writer(fill: Fill, tmp_path: Path, info: GalleryInfo) -> None:
    path = fill(tmp_path / "gallery", 3)

    with gallery_writer(path, info), pytest.raises(ArtifactError, match="another process is writ"):
        compact_gallery(path)


def test_there_is_nothing_to_compact_where_no_gallery_is(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="is no gallery"):
        compact_gallery(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


APPEND = """
import sys
import numpy as np
from pathlib import Path
from clnet.runtime.gallery import GalleryInfo, gallery_writer, writer
from clnet.runtime.gallery import upkeep
from clnet.runtime.item import Item
upkeep.COMPACT_COMMITS = writer.COMPACT_COMMITS = 2
rows = np.load(sys.argv[2])
with gallery_writer(sys.argv[1], GalleryInfo("a" * 32, 16, "satellite")) as out:
    print("started", flush=True)
    for start in range(0, len(rows), 5):
        stop = start + 5
        out.append([Item(f"p{n}", Path("x.png")) for n in range(start, stop)], rows[start:stop])
"""


@pytest.mark.slow
def test_a_run_killed_while_it_compacts_loses_and_doubles_nothing(
    tmp_path: Path, unit_rows: Rows
) -> None:
    rows, path = unit_rows(200), tmp_path / "gallery"
    np.save(tmp_path / "rows.npy", rows)
    words = [sys.executable, "-c", APPEND, str(path), str(tmp_path / "rows.npy")]
    draw, before = np.random.default_rng(11), 0
    for _ in range(4):
        pause_s = draw.uniform(0, 0.3)
        sys.stdout.write(f"killed after {pause_s:.3f} s\n")
        with subprocess.Popen(words, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(pause_s)
            child.kill()
        assert child.returncode in (0, -signal.SIGKILL)
        found = Gallery.open(path).read()
        assert len(found) >= before
        assert found.ids == tuple(f"p{n}" for n in range(len(found)))
        np.testing.assert_array_equal(found.embeddings, rows[: len(found)])
        before = len(found)

    subprocess.run(words, check=True, timeout=60, capture_output=True)

    assert len(Gallery.open(path)) == 200
    np.testing.assert_array_equal(Gallery.open(path).read().embeddings, rows)
