"""A grid of half-overlapping tiles: a place lies amid one and on three more."""

from dataclasses import dataclass
from itertools import product

from ..survey import Spot

Cell = tuple[int, int]
"""Column, from the west, and row, from the north, of a tile."""


@dataclass(frozen=True, slots=True)
class TileGrid:
    """Tiles of `tile_side_m`, half of that apart, that fill a square world to its edges."""

    world_side_m: float
    tile_side_m: float

    @property
    def stride_m(self) -> float:
        """Distance between the centres of neighbouring tiles, in metres."""
        return self.tile_side_m / 2

    @property
    def count(self) -> int:
        """Tiles along one side of the world."""
        return round(self.world_side_m / self.stride_m) - 1

    def cells(self) -> list[Cell]:
        """All tiles, rows from south to north, each from west to east."""
        rows = range(self.count - 1, -1, -1)
        return [(column, row) for row, column in product(rows, range(self.count))]

    def centre_m(self, cell: Cell) -> Spot:
        """A tile's centre, metres east and south of the world's north-west corner."""
        return (cell[0] + 1) * self.stride_m, (cell[1] + 1) * self.stride_m

    def covering(self, place_m: Spot) -> list[Cell]:
        """
        Find the four tiles that show a place.

        Returns:
            The one in whose central quarter it lies (its positive), then the others (its
            semi-positives), nearest first.

        """
        columns, rows = (self._two_nearest(place_m[axis]) for axis in (0, 1))
        cells = list(product(columns, rows))
        return sorted(cells, key=lambda cell: self.distance_squared(cell, place_m))

    def offset_m(self, cell: Cell, place_m: Spot) -> Spot:
        """How far east and south of a tile's centre a place lies, in metres."""
        east_m, south_m = self.centre_m(cell)
        return place_m[0] - east_m, place_m[1] - south_m

    def distance_squared(self, cell: Cell, place_m: Spot) -> float:
        """Square of the distance between a tile's centre and a place, in square metres."""
        east_m, south_m = self.offset_m(cell, place_m)
        return east_m**2 + south_m**2

    def _two_nearest(self, metres: float) -> tuple[int, int]:
        west = int(metres // self.stride_m) - 1
        return west, west + 1
