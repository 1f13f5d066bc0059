"""What places show, as numbers: whether two of them may be each other's negatives."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from ...runtime.datasets import Place


@dataclass(frozen=True, slots=True)
class Tiles:
    """The tile of each of P places, and the others that show it."""

    of_place: NDArray[np.int64]
    """[P] int64, numbers from 0 in the order of first mention."""

    also: tuple[tuple[int, ...], ...]
    """P times the numbers of further tiles that show the place; those without a place are left."""

    count: int
    """Different tiles in all."""

    @classmethod
    def of(cls, places: Sequence[Place]) -> Self:
        """Number the tiles; a place without one is alone on its own."""
        names = [("tile", place.tile) if place.tile else ("id", place.id) for place in places]
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        also = tuple(
            tuple(
                numbers["tile", name]
                for name in dict.fromkeys(place.also_on)
                if name != place.tile and ("tile", name) in numbers
            )
            for place in places
        )
        of_place = np.fromiter((numbers[name] for name in names), np.int64, len(names))
        return cls(of_place, also, len(numbers))

    def shown(self, place: int) -> tuple[int, ...]:
        """List all tiles that show a place, its own first."""
        return (int(self.of_place[place]), *self.also[place])
