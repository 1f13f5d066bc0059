"""One epoch while it is drawn."""

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .batch_builder import BatchBuilder
from .capacity import most_batches, must_take
from .config import NegativesConfig
from .tiles import Tiles


class Epoch:
    """Draws batch after batch from the places that are left."""

    def __init__(
        self,
        tiles: Tiles,
        batch_size: int,
        config: NegativesConfig,
        random: np.random.Generator,
        table: NDArray[np.int32] | None,
    ) -> None:
        """Shuffle the places; see `Sampler` for the arguments."""
        self._tiles = tiles
        self._batch_size = batch_size
        self._config = config
        self._random = random
        self._table = table
        self._free = np.ones(len(tiles.of_place), np.bool_)
        self._left = np.bincount(tiles.of_place, minlength=tiles.count)
        self._waiting = deque(random.permutation(len(tiles.of_place)).tolist())

    def batches(self) -> Iterator[NDArray[np.int64]]:
        """Yield [B] int64 until the places that are left fill no batch."""
        while to_come := most_batches(self._left, self._batch_size):
            rows = self._batch(to_come)
            if len(rows) < self._batch_size:
                return
            yield np.array(rows, np.int64)

    def _batch(self, to_come: int) -> list[int]:
        crowded, reserved = must_take(self._left, self._batch_size, to_come)
        batch = BatchBuilder(self._tiles, self._batch_size, crowded, reserved)
        self._fill(batch)
        if batch.room:  # those whom room was kept for do not fit: others may have it
            batch.open_to_all()
            self._fill(batch)
        return batch.rows

    def _fill(self, batch: BatchBuilder) -> None:
        """Take seeds until the batch is full; those that do not fit keep their turn."""
        passed_over: list[int] = []
        while batch.room and self._waiting:
            seed = self._waiting.popleft()
            if not self._free[seed]:
                continue
            if not self._take(batch, seed):
                passed_over.append(seed)
            elif self._table is not None:
                for neighbour in self._neighbours(self._table[seed]):
                    self._take(batch, neighbour)
        self._waiting.extendleft(reversed(passed_over))

    def _take(self, batch: BatchBuilder, place: int) -> bool:
        if not batch.take(place):
            return False
        self._free[place] = False
        self._left[self._tiles.of_place[place]] -= 1
        return True

    def _neighbours(self, row: NDArray[np.int32]) -> list[int]:
        """Choose the nearest of a row of the table, and some of the others by chance."""
        known = row[row >= 0]
        nearest, further = known[: self._config.nearest], known[self._config.nearest :]
        drawn = self._random.permutation(further)[: self._config.neighbours - len(nearest)]
        chosen = np.concatenate([nearest, drawn])
        free: list[int] = chosen[self._free[chosen]].tolist()
        return free
