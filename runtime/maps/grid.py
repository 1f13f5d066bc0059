"""
Where tiles are centred: one grid for the whole globe, for each tile size and overlap.

The grid hangs on no map. A map that grows, or is cut into other sheets, keeps its tiles' places,
and so their ids: a second run embeds what is new. Row r lies at latitude r x a fixed step;
within a row, column c lies at longitude c x the step that fits the row's latitude.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import ConfigError, DataError
from .ground import metres_per_degree
from .layer import Extent

MAX_TILE_M = 10_000.0
"""Ground size of the largest tile; `ground` says why."""

MIN_STEP_M = 0.1
"""Nearer centres could not be told apart in ids, which hold 7 decimals of a degree."""

MAX_ROWS = 2_000_000
"""Of one map: the globe at 10 m."""

DECIMALS = 7
"""Of a centre's degrees: 1.1 cm."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares of ground at fixed places."""

    tile_m: float
    """Side of a square in metres."""

    overlap: float
    """Share of a square's side that its neighbour covers, too: 0 to below 1."""

    def __post_init__(self) -> None:
        if not 0 < self.tile_m <= MAX_TILE_M:
            raise ConfigError(
                f"a tile must be above 0 and up to {MAX_TILE_M:g} m, got {self.tile_m:g}"
            )
        if not 0 <= self.overlap < 1 or self.step_m < MIN_STEP_M:
            raise ConfigError(
                f"the overlap must be from 0 to below 1 and leave steps of {MIN_STEP_M:g} m, "
                f"got {self.overlap:g} of {self.tile_m:g} m"
            )

    @property
    def step_m(self) -> float:
        """Metres from centre to centre; up to 1 % less along a meridian, never more."""
        return self.tile_m * (1 - self.overlap)

    @property
    def row_step_deg(self) -> float:
        """Degrees of latitude from row to row."""
        # A degree of latitude is longest at the poles: elsewhere tiles overlap a little more.
        return self.step_m / metres_per_degree(89.999)[0]

    def column_step_deg(self, row: int) -> float:
        """Return the degrees of longitude from centre to centre in a row."""
        return self.step_m / metres_per_degree(row * self.row_step_deg)[1]

    def centre(self, row: int, column: int) -> tuple[float, float]:
        """Return latitude and longitude in degrees, rounded to `DECIMALS`."""
        latitude, longitude = row * self.row_step_deg, column * self.column_step_deg(row)
        return round(latitude, DECIMALS), round(longitude, DECIMALS)

    def runs(self, extents: Sequence[Extent]) -> NDArray[np.int64]:
        """
        List the squares that lie whole in the box around all extents, and touch one of them.

        Args:
            extents: the parts of a map, at least one.

        Returns:
            [n, 3] int64: row, first column and end column (not included), north to south.

        Raises:
            DataError: there would be more than `MAX_ROWS` rows.

        """
        boxes = np.asarray([(e.south, e.west, e.north, e.east) for e in extents])
        hull = Extent.hull(extents)
        half_deg = self.tile_m / 2 / metres_per_degree((hull.south + hull.north) / 2)[0]
        first = int(np.ceil((hull.south + half_deg) / self.row_step_deg))
        last = int(np.floor((hull.north - half_deg) / self.row_step_deg))
        if last - first >= MAX_ROWS:
            raise DataError(
                f"the map has {last - first:,} rows of tiles, expected at most {MAX_ROWS:,}; "
                "take larger tiles or less overlap"
            )
        found = [
            (row, *run)
            for row in range(last, first - 1, -1)
            for run in self._runs_of(row, boxes, hull.west, hull.east)
        ]
        return np.asarray(found, np.int64).reshape(-1, 3)

    def _runs_of(
        self, row: int, boxes: NDArray[np.float64], west: float, east: float
    ) -> list[tuple[int, int]]:
        """Columns of one row, as first and end, merged where sheets meet."""
        latitude = row * self.row_step_deg
        north_m, east_m = metres_per_degree(latitude)
        half_north, half_east = self.tile_m / 2 / north_m, self.tile_m / 2 / east_m
        beside = (boxes[:, 0] < latitude + half_north) & (boxes[:, 2] > latitude - half_north)
        step = self.step_m / east_m
        low = np.maximum(boxes[beside, 1] - half_east, west + half_east)
        high = np.minimum(boxes[beside, 3] + half_east, east - half_east)
        firsts = np.ceil(low / step).astype(np.int64)
        ends = np.floor(high / step).astype(np.int64) + 1
        merged: list[tuple[int, int]] = []
        for first, end in sorted(zip(firsts.tolist(), ends.tolist(), strict=True)):
            if merged and first <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            elif end > first:
                merged.append((first, end))
        return merged
