"""Names and positions of places, without their embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..geo import position_problem
from ..item import Item


@dataclass(frozen=True, slots=True)
class Places:
    """Places side by side."""

    ids: tuple[str, ...]
    """[n]."""

    paths: tuple[str, ...]
    """[n] image files or tiles of maps, as they stood when they were embedded."""

    latitudes: NDArray[np.float64]
    """[n] WGS84 degrees; NaN where unknown."""

    longitudes: NDArray[np.float64]
    """[n] WGS84 degrees; NaN where unknown."""

    @classmethod
    def of(cls, items: Sequence[Item]) -> "Places":
        """Take ids, locators and positions from items."""
        return cls(
            ids=tuple(item.id for item in items),
            paths=tuple(item.locator for item in items),
            latitudes=_degrees([item.latitude for item in items]),
            longitudes=_degrees([item.longitude for item in items]),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.int64]) -> "Places":
        """Pick rows, in the order of `rows`."""
        return Places(
            ids=tuple(self.ids[row] for row in rows),
            paths=tuple(self.paths[row] for row in rows),
            latitudes=self.latitudes[rows],
            longitudes=self.longitudes[rows],
        )

    def check(self, name: str) -> None:
        """
        Refuse ids that occur twice and positions off the globe.

        Args:
            name: what the message calls the places.

        Raises:
            DataError: the message names the first id at fault and what is wrong with it.

        """
        if len(set(self.ids)) != len(self.ids):
            doubled = next(label for label in self.ids if self.ids.count(label) > 1)
            raise DataError(f"{name}: the id {doubled} occurs twice in one block")
        known = ~(np.isnan(self.latitudes) & np.isnan(self.longitudes))
        for row in np.flatnonzero(known):
            problem = position_problem(float(self.latitudes[row]), float(self.longitudes[row]))
            if problem:
                raise DataError(f"{name}: place {self.ids[row]}: {problem}")


@dataclass(frozen=True, slots=True)
class GalleryRows(Places):
    """A whole gallery in memory, in the order in which its places were added."""

    embeddings: NDArray[np.float32]
    """[n, D], rows of unit length."""


def _degrees(values: list[float | None]) -> NDArray[np.float64]:
    return np.array(values, np.float64)  # None becomes NaN
