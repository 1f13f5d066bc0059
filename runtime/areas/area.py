"""What every area can say, and several areas as one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError

if TYPE_CHECKING:
    from .box import Box


class Area(Protocol):
    """A part of the globe. Its edge belongs to it; a place without coordinates never does."""

    @property
    def bounds(self) -> "tuple[Box, ...]":
        """Boxes of which each holds the whole area: a cheap first sieve."""
        ...

    def contains(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """
        Tell which positions lie inside.

        Args:
            latitudes: [n] WGS84 degrees in [-90, 90]; NaN where unknown.
            longitudes: [n] WGS84 degrees in [-180, 180]; NaN where unknown.

        Returns:
            [n] bool.

        """
        ...


@dataclass(frozen=True, slots=True)
class Intersection:
    """What several areas have in common."""

    areas: tuple[Area, ...]
    """One or more."""

    def __post_init__(self) -> None:
        if not self.areas:
            raise DataError("an intersection of areas needs one area or more, got none")

    @property
    def bounds(self) -> "tuple[Box, ...]":
        """The boxes of every area."""
        return tuple(box for area in self.areas for box in area.bounds)

    def contains(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Tell which positions lie inside all areas; shapes as in `Area.contains`."""
        inside = np.ones(len(latitudes), bool)
        for area in self.areas:
            inside &= area.contains(latitudes, longitudes)
        return inside
