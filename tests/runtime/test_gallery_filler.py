"""Blocks are committed by count, by time, and on the way out; failures are counted, not kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime import gallery_filler
from clnet.runtime.embedder import Block, Failure
from clnet.runtime.errors import DataError
from clnet.runtime.failed_list import FailedList
from clnet.runtime.gallery import Gallery, GalleryInfo, GalleryWriter, gallery_writer
from clnet.runtime.gallery_filler import FIRST_FAILURES, GalleryFiller
from clnet.runtime.item import Item

Rows = Callable[..., NDArray[np.float32]]

INFO = GalleryInfo("a" * 32, 16, "satellite")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gallery"


@pytest.fixture
def writer(path: Path) -> Iterator[GalleryWriter]:
    with gallery_writer(path, INFO) as opened:
        yield opened


@pytest.fixture
def unreadable(tmp_path: Path) -> Iterator[FailedList]:
    with FailedList(tmp_path / "failed.jsonl") as opened:
        yield opened


@pytest.fixture
def block(unit_rows: Rows) -> Callable[[int, int], Block]:
    def make(start: int, count: int) -> Block:
        items = tuple(Item(f"{n}", Path(f"{n}.png")) for n in range(start, start + count))
        return Block(items, unit_rows(count, seed=start), ())

    return make


def failures(count: int) -> tuple[Failure, ...]:
    return tuple(
        Failure(Item(f"bad{n}", Path("bad.png")), "bad.png: corrupt") for n in range(count)
    )


def test_blocks_wait_until_there_are_enough_rows(
    path: Path,
    writer: GalleryWriter,
    unreadable: FailedList,
    block: Callable[[int, int], Block],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gallery_filler, "COMMIT_ROWS", 8)

    with GalleryFiller(writer, unreadable) as filler:
        filler.take(block(0, 4))
        assert len(Gallery.open(path)) == 0
        filler.take(block(4, 4))
        assert len(Gallery.open(path)) == 8
        filler.take(block(8, 3))

    assert filler.embedded == 11
    assert Gallery.open(path).ids() == [str(n) for n in range(11)]


def test_a_slow_run_commits_by_time(
    path: Path,
    writer: GalleryWriter,
    unreadable: FailedList,
    block: Callable[[int, int], Block],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gallery_filler, "COMMIT_S", 0.0)

    with GalleryFiller(writer, unreadable) as filler:
        filler.take(block(0, 1))

        assert len(Gallery.open(path)) == 1


def test_an_error_commits_what_was_embedded_before_it(
    path: Path, writer: GalleryWriter, unreadable: FailedList, block: Callable[[int, int], Block]
) -> None:
    def run() -> None:
        with GalleryFiller(writer, unreadable) as filler:
            filler.take(block(0, 3))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()

    assert len(Gallery.open(path)) == 3


def test_items_that_are_there_are_skipped_and_counted(
    writer: GalleryWriter, unreadable: FailedList, block: Callable[[int, int], Block]
) -> None:
    writer.append(block(0, 3).items, block(0, 3).embeddings)
    filler = GalleryFiller(writer, unreadable)

    found = [item.id for item in filler.missing(block(1, 4).items)]

    assert (found, filler.skipped) == (["3", "4"], 2)


@pytest.mark.parametrize("position", [(91.0, 0.0), (0.0, 181.0), (60.0, None)])
def test_a_position_off_the_globe_is_refused_before_its_image_is_read(
    writer: GalleryWriter, unreadable: FailedList, position: tuple[float, float | None]
) -> None:
    lost = Item("lost", Path("not even there.png"), *position)

    with pytest.raises(DataError, match=r"place lost: (latitude 91|longitude 181|longitude nan)"):
        list(GalleryFiller(writer, unreadable).missing([lost]))


def test_only_the_first_of_many_failures_are_kept(
    writer: GalleryWriter, unreadable: FailedList, tmp_path: Path
) -> None:
    with GalleryFiller(writer, unreadable) as filler:
        for _ in range(5):
            filler.take(Block((), np.empty((0, 16), np.float32), failures(7)))

    assert filler.failed == 35
    assert len(filler.first_failures) == FIRST_FAILURES
    assert len((tmp_path / "failed.jsonl").read_text().splitlines()) == 35
