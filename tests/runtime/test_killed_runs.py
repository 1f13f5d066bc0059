"""
SIGKILL at random moments of an embedding run: a rerun ends with the exact gallery.

Commits are small and frequent there, so that kills meet the making of the gallery, commits,
compactions, and what lies between.
"""

import json
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.bundle import Bundle
from clnet.runtime.embedding_run import embed_into
from clnet.runtime.gallery import Gallery
from clnet.runtime.sources import read_source

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

pytestmark = pytest.mark.slow

IMAGES = 160
CORRUPT = ("009", "080")

READY = 0
"""Lines of the child: first that it is about to start, then one for each block of four."""

CHILD = """
import sys
from contextlib import contextmanager
from pathlib import Path

import lancedb
import onnxruntime
from clnet.runtime import gallery_filler
from clnet.runtime.bundle import Bundle
from clnet.runtime.embedding_run import embed_into
from clnet.runtime.gallery import upkeep, writer
from clnet.runtime.sources import read_source

gallery_filler.COMMIT_ROWS = 8
writer.COMPACT_COMMITS = upkeep.COMPACT_COMMITS = 3


@contextmanager
def told(label, total, unit="images"):
    yield lambda count: print(count, flush=True)


bundle, source, gallery = map(Path, sys.argv[1:])
print("ready", flush=True)
embed_into(
    gallery, Bundle.open(bundle), "satellite", read_source(source), batch_size=4, progress=told
)
"""


@dataclass(frozen=True)
class Rows:
    """A gallery's content."""

    ids: list[str]
    embeddings: NDArray[np.float32]

    @classmethod
    def of(cls, path: Path) -> "Rows":
        gallery = Gallery.open(path)
        return cls(gallery.ids(), gallery.embeddings(np.arange(len(gallery))))


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiles, two of them unreadable."""
    folder = tmp_path_factory.mktemp("tiles")
    for n in range(IMAGES):
        coarse = np.random.default_rng(n).integers(0, 256, (4, 4, 3), dtype=np.uint8)
        cv2.imwrite(str(folder / f"{n:03}.png"), cv2.resize(coarse, (20, 20)))
    for name in CORRUPT:
        (folder / f"{name}.png").write_bytes(b"no image")
    return folder


@pytest.fixture(scope="module")
def undisturbed(tiny_bundle: Bundle, tiles: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    gallery = tmp_path_factory.mktemp("undisturbed") / "gallery"
    embed_into(gallery, tiny_bundle, "satellite", read_source(tiles))
    rows = Rows.of(gallery)
    assert len(rows.ids) == IMAGES - len(CORRUPT)
    return rows


def killed(words: list[str], line: int, pause_s: float) -> None:
    """Start a run, and kill it some time after a line of its output."""
    sys.stdout.write(f"killed {1e3 * pause_s:.1f} ms after line {line}\n")
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, *words], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(line + 1):
            assert child.stdout.readline()
        time.sleep(pause_s)
        child.kill()
    assert child.returncode == -signal.SIGKILL, "the run ended before it was killed"


def check_part(gallery: Path, whole: Rows) -> None:
    """What a killed run left are the first rows of the undisturbed gallery, to the bit."""
    if not any(gallery.glob("*.lance/_versions/*.manifest")):
        return  # it was killed before it had made one
    found = Rows.of(gallery)
    assert found.ids == whole.ids[: len(found.ids)]
    np.testing.assert_array_equal(found.embeddings, whole.embeddings[: len(found.ids)])


def check_finished(bundle: Bundle, tiles: Path, gallery: Path, whole: Rows) -> None:
    """A rerun ends with the gallery of the undisturbed run."""
    embed_into(gallery, bundle, "satellite", read_source(tiles))
    assert Gallery.open(gallery).ids() == whole.ids
    check_part(gallery, whole)
    listed = (gallery / "failed.jsonl").read_text().splitlines()
    assert tuple(json.loads(line)["id"] for line in listed) == CORRUPT


@pytest.mark.parametrize("seed", range(4))
def test_a_run_killed_four_times_ends_with_the_exact_gallery(
    seed: int, tiny_bundle: Bundle, tiles: Path, undisturbed: Rows, tmp_path: Path
) -> None:
    gallery = tmp_path / "gallery"
    words = [str(tiny_bundle.path), str(tiles), str(gallery)]
    chance = random.Random(seed)

    for _ in range(4):
        line, pause_s = chance.randint(READY, 6), chance.uniform(0, 0.01)
        killed(words, line, pause_s)
        check_part(gallery, undisturbed)

    check_finished(tiny_bundle, tiles, gallery, undisturbed)


def test_a_run_killed_four_times_while_it_makes_the_gallery_ends_with_the_exact_one(
    tiny_bundle: Bundle, tiles: Path, undisturbed: Rows, tmp_path: Path
) -> None:
    gallery = tmp_path / "gallery"
    words = [str(tiny_bundle.path), str(tiles), str(gallery)]
    chance = random.Random(99)

    for _ in range(4):
        pause_s = chance.uniform(0, 0.05)
        killed(words, READY, pause_s)

    check_finished(tiny_bundle, tiles, gallery, undisturbed)
