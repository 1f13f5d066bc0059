"""The table of hard negatives through a run: when it is made, and from what."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ...runtime.datasets import Place
from ..sampling import NegativesConfig, gps_table, similarity_table
from .processes import Processes

Table = NDArray[np.int32]
Embed = Callable[[], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""Returns [P, D] float32 ground and satellite embeddings of the training places."""


class HardNegatives:
    """Holds the present table [P, T] int32, or None: batches are then drawn at random."""

    def __init__(
        self, places: Sequence[Place], config: NegativesConfig, processes: Processes
    ) -> None:
        self.table: Table | None = None
        self._places = places
        self._config = config
        self._processes = processes

    def start(self) -> None:
        """
        Make the table that a run begins with.

        Raises:
            ConfigError: neighbours by GPS are asked for, and places have no coordinates.
            ExtraMissing: they are, and scipy is not installed.

        """
        if self._config.kind.startswith("gps"):
            self.table = self._made(lambda: gps_table(self._places, self._config.table))

    def refresh(self, epochs: int, embed: Embed) -> bool:
        """
        Make a new table of similarity, if one is due after so many epochs.

        Args:
            epochs: completed.
            embed: asked for embeddings if so.

        Returns:
            Whether there is a new table.

        """
        due = epochs % self._config.refresh_every_epochs == 0
        if not due or not self._config.kind.endswith("similarity"):
            return False
        ground, satellite = embed()
        self.table = self._made(
            lambda: similarity_table(ground, satellite, self._places, self._config.table)
        )
        return True

    def _made(self, make: Callable[[], Table]) -> Table:
        """Make it on the main process alone: the others get the same numbers."""
        if self._processes.count == 1:
            return make()
        own = torch.from_numpy(make()) if self._processes.main else torch.empty(0, 0)
        width = int(self._processes.from_main(torch.tensor(own.shape[1])))
        if not self._processes.main:
            own = torch.empty(len(self._places), width, dtype=torch.int32)
        return self._processes.from_main(own).numpy()
