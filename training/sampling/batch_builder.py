"""One batch under construction: who may still join it."""

import numpy as np
from numpy.typing import NDArray

from .tiles import Tiles


class BatchBuilder:
    """Takes places as long as no two of them would be each other's false negatives."""

    def __init__(self, tiles: Tiles, size: int, crowded: NDArray[np.bool_], reserved: int) -> None:
        """
        Start empty.

        Args:
            tiles: what each place shows.
            size: B.
            crowded: [tiles] bool, which tiles room is kept for.
            reserved: how much of it.

        """
        self.rows: list[int] = []
        self.room = size
        self._tiles = tiles
        self._crowded = crowded
        self._reserved = reserved
        self._held: set[int] = set()
        self._shown: set[int] = set()

    def open_to_all(self) -> None:
        """Keep no room any more."""
        self._reserved = 0

    def take(self, place: int) -> bool:
        """
        Let a place join if there is room and it fits.

        It fits unless its tile shows a member, or one of the tiles that also show it is a member's.
        """
        tile, also = int(self._tiles.of_place[place]), self._tiles.also[place]
        if tile in self._shown or not self._held.isdisjoint(also):
            return False
        crowded = bool(self._crowded[tile])
        if self.room <= (0 if crowded else self._reserved):
            return False
        self._reserved = max(0, self._reserved - crowded)
        self.room -= 1
        self.rows.append(place)
        self._held.add(tile)
        self._shown.update((tile, *also))
        return True
