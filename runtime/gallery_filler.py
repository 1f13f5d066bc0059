"""Blocks of embeddings into a gallery: committed many at a time, so that a kill costs little."""

import math
import time
from collections.abc import Iterable, Iterator
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from .embedder import Block, Failure
from .errors import DataError
from .failed_list import FailedList
from .gallery import GalleryWriter
from .geo import position_problem
from .item import Item

COMMIT_ROWS = 1024
"""Places in one commit: what a kill can cost, and how small a table's fragments get."""

COMMIT_S = 60.0
"""Seconds after which fewer are committed, too: what a kill can cost a slow machine."""

FIRST_FAILURES = 10
"""Failures that are kept to be shown; all of them stand in the list."""


class GalleryFiller:
    """
    Adds blocks to a gallery and counts. A context manager.

    Leaving it commits what is waiting, also where an error ends the run: nothing that was
    embedded is lost.
    """

    def __init__(self, writer: GalleryWriter, unreadable: FailedList) -> None:
        self.embedded = 0
        """Places added to the gallery."""
        self.skipped = 0
        """Items whose id was there already."""
        self.failed = 0
        """Items that could not be read."""
        self.empty = 0
        """Tiles of a map that were left out because they hold no data."""
        self.first_failures: list[Failure] = []
        """The first `FIRST_FAILURES` of them."""
        self._writer = writer
        self._unreadable = unreadable
        self._items: list[Item] = []
        self._embeddings: list[NDArray[np.float32]] = []
        self._committed_s = time.monotonic()

    def missing(self, items: Iterable[Item]) -> Iterator[Item]:
        """
        Pass on the items whose ids the gallery does not hold, and count the others.

        Raises:
            DataError: an item's position is off the globe; it is named before it costs time.

        """
        for item in items:
            if item.id in self._writer.ids:
                self.skipped += 1
                continue
            _check_position(item)
            yield item

    def take(self, block: Block) -> None:
        """
        Add a block: now, or with the next ones.

        Raises:
            ClnetError: as `GalleryWriter.append` and `FailedList.add`.

        """
        failures = [failure for failure in block.failures if not failure.empty]
        self._unreadable.add(failures)
        self.failed += len(failures)
        self.empty += len(block.failures) - len(failures)
        self.first_failures += failures[: FIRST_FAILURES - len(self.first_failures)]
        self._items += block.items
        self._embeddings.append(block.embeddings)
        waited_s = time.monotonic() - self._committed_s
        if len(self._items) >= COMMIT_ROWS or waited_s >= COMMIT_S:
            self._commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._commit()

    def _commit(self) -> None:
        # Taken off first: what the disk refused once is not tried again on the way out.
        items, embeddings = self._items, self._embeddings
        self._items, self._embeddings = [], []
        if items:
            self.embedded += self._writer.append(items, np.concatenate(embeddings))
        self._committed_s = time.monotonic()


def _check_position(item: Item) -> None:
    position = (item.latitude, item.longitude)
    if position == (None, None):
        return
    problem = position_problem(*(math.nan if value is None else value for value in position))
    if problem:
        raise DataError(f"place {item.id}: {problem}")
