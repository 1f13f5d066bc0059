"""A disk that is full costs what was being written, and nothing that was there."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.item import Item

Rows = Callable[..., NDArray[np.float32]]

FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from clnet.runtime.errors import ArtifactError
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.gallery.exchange import export_geoparquet
from clnet.runtime.gallery.upkeep import compact_gallery
from clnet.runtime.item import Item

path = Path(sys.argv[1])
rows = np.eye(256, dtype=np.float32)

def append():
    with gallery_writer(path, GalleryInfo("a" * 32, 256, "satellite")) as writer:
        writer.append([Item(f"new{n}", Path("x.png")) for n in range(256)], rows)

def export():
    export_geoparquet(Gallery.open(path), path.parent / "out.parquet")

def compact():
    compact_gallery(path)

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000,) * 2)
try:
    {"append": append, "export": export, "compact": compact}[sys.argv[2]]()
except ArtifactError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.parametrize("action", ["append", "export", "compact"])
def test_a_full_disk_is_one_clear_error_and_the_gallery_stays(
    action: str, tmp_path: Path, unit_rows: Rows
) -> None:
    path, rows = tmp_path / "gallery", unit_rows(150, 256)
    with gallery_writer(path, GalleryInfo("a" * 32, 256, "satellite")) as writer:
        for start in range(0, 150, 50):  # each commit fits, all of them together do not
            block = [Item(f"p{n}", Path("x.png")) for n in range(start, start + 50)]
            writer.append(block, rows[start : start + 50])
    (tmp_path / "out.parquet").write_text("years of work")

    words = [sys.executable, "-c", FULL, str(path), action]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)

    assert "File too large" in done.stdout
    assert done.stdout.count("\n") == 1
    assert (tmp_path / "out.parquet").read_text() == "years of work"
    assert len(list(tmp_path.iterdir())) == 2
    found = Gallery.open(path).read()
    assert found.ids == tuple(f"p{n}" for n in range(150))
    np.testing.assert_array_equal(found.embeddings, rows)
