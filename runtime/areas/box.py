"""A box between two parallels and two meridians."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..geo import position_problem


@dataclass(frozen=True, slots=True)
class Box:
    """
    All positions from `south` to `north` and, going east, from `west` to `east`.

    `west` greater than `east` crosses the antimeridian. 180° west and 180° east are one line.

    Raises:
        DataError: a corner is off the globe, or `south` lies north of `north`.

    """

    south: float
    """Degrees in [-90, 90]."""

    west: float
    """Degrees in [-180, 180]."""

    north: float
    """Degrees in [south, 90]."""

    east: float
    """Degrees in [-180, 180]."""

    def __post_init__(self) -> None:
        for name, corner in (
            ("south-west", (self.south, self.west)),
            ("north-east", (self.north, self.east)),
        ):
            problem = position_problem(*corner)
            if problem:
                raise DataError(f"{name} corner of a box: {problem}")
        if self.south > self.north:
            raise DataError(
                f"a box goes from south to north, got {self.south} to {self.north}: swap them"
            )

    @property
    def bounds(self) -> "tuple[Box, ...]":
        """The box itself."""
        return (self,)

    @property
    def crosses_antimeridian(self) -> bool:
        """Whether the box spans the line where longitudes jump from 180 to -180."""
        return self.west > self.east

    @property
    def touches_antimeridian(self) -> bool:
        """Whether positions at 180° are inside, however they are written."""
        return self.crosses_antimeridian or 180 in (abs(self.west), abs(self.east))

    def contains(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Tell which positions lie inside; shapes as in `Area.contains`."""
        east_of_west, west_of_east = longitudes >= self.west, longitudes <= self.east
        between = (
            east_of_west | west_of_east
            if self.crosses_antimeridian
            else (east_of_west & west_of_east)
        )
        if self.touches_antimeridian:
            between = between | (np.abs(longitudes) == 180)
        inside: NDArray[np.bool_] = between & (latitudes >= self.south) & (latitudes <= self.north)
        return inside
