"""
Batches of an epoch: a pure function of seed, epoch and table, so that resuming is exact.

A seed, taken in random order, brings neighbours of the table along: places that look alike, or
lie close together, teach most. Whoever does not fit into a batch is first in line for the next.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...runtime.datasets import Place
from ...runtime.errors import ConfigError, ShapeError
from .capacity import most_batches
from .config import NegativesConfig
from .epoch import Epoch
from .tiles import Tiles


class Sampler:
    """Draws batches in which every two places are true negatives of each other."""

    def __init__(
        self, places: Sequence[Place], batch_size: int, seed: int, config: NegativesConfig
    ) -> None:
        """
        Number the tiles.

        Args:
            places: P training places.
            batch_size: B.
            seed: of the run.
            config: how many neighbours a seed brings along.

        Raises:
            ConfigError: there are fewer than B different tiles, so that no batch is possible.

        """
        self._tiles = Tiles.of(places)
        self._batch_size = batch_size
        self._seed = seed
        self._config = config
        self.most_batches = most_batches(np.bincount(self._tiles.of_place), batch_size)
        """
        Batches of every epoch: as many as can be filled without two places of one tile. Only
        where places lie on several tiles (VIGOR) may an epoch have fewer.
        """
        if not self.most_batches:
            raise ConfigError(
                f"batch_size {batch_size} needs as many places on different tiles; the "
                f"{len(places)} training places lie on {self._tiles.count}: lower batch_size"
            )

    def batches(
        self, epoch: int, table: NDArray[np.int32] | None = None
    ) -> list[NDArray[np.int64]]:
        """
        Draw an epoch.

        No place occurs twice. Two places of one batch never share a tile, nor is one's tile
        among those that also show the other. What cannot fill a batch at the end is left out.

        Args:
            epoch: from 0.
            table: [P, T] int32, each place's neighbours, those that matter most first, -1 where
                there are fewer; None draws at random.

        Returns:
            Arrays [B] int64 of rows of the places.

        Raises:
            ShapeError: the table is not int32 [P, T].

        """
        places = len(self._tiles.of_place)
        if table is not None and (table.dtype != np.int32 or table.shape[:-1] != (places,)):
            expected, actual = f"int32 [{places}, T]", f"{table.dtype} {list(table.shape)}"
            raise ShapeError("table of neighbours", expected, actual)
        random = np.random.default_rng([self._seed, epoch])
        drawn = Epoch(self._tiles, self._batch_size, self._config, random, table)
        return list(drawn.batches())
