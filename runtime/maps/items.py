"""A map as a list of tiles to embed. Each is made when it is asked for: millions cost nothing."""

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..errors import ConfigError, DataError
from ..item import Item
from ..sources.items import MadeItems
from .grid import Grid
from .layer import Layer
from .opening import choose_zoom, look_anew, open_map
from .sampling import native_pixels
from .tile import MapTile, metres

MIN_TILE_PIXELS = 16
"""Of a tile's side on the map: fewer show no place."""

MIN_COVERED = 0.5
"""Share of a tile that must hold data, unless told otherwise."""


class MapItems(MadeItems):
    """The tiles of a map, row by row from the north, each row from the west."""

    def __init__(
        self, path: Path, layers: Sequence[Layer], grid: Grid, zoom: int | None, min_covered: float
    ) -> None:
        self._path = path
        self._name = path.parent.name if glob.has_magic(path.name) else path.stem
        self._grid = grid
        self._zoom = zoom
        self._min_covered = min_covered
        self._runs = grid.runs([part for layer in layers for part in layer.parts])
        self._ends = np.cumsum(self._runs[:, 2] - self._runs[:, 1])

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def __iter__(self) -> Iterator[Item]:
        for row, first, end in self._runs.tolist():
            for column in range(first, end):
                yield self._at(row, column)

    def _item(self, row: int) -> Item:
        run = int(np.searchsorted(self._ends, row, side="right"))
        left = int(self._ends[run]) - row
        return self._at(int(self._runs[run, 0]), int(self._runs[run, 2]) - left)

    def _at(self, row: int, column: int) -> Item:
        latitude, longitude = self._grid.centre(row, column)
        size_m = self._grid.tile_m
        tile = MapTile(self._path, latitude, longitude, size_m, self._zoom, self._min_covered)
        label = f"{self._name}/{metres(size_m)}/{latitude:.7f},{longitude:.7f}"
        return Item(label, self._path, latitude, longitude, tile=tile)

    @property
    def words(self) -> str:
        """What will be cut, in one line."""
        zoom = "" if self._zoom is None else f" at zoom {self._zoom}"
        return (
            f"{self._path.name}: {len(self):,} tiles of {self._grid.tile_m:g} m, "
            f"every {self._grid.step_m:g} m{zoom}"
        )


def read_map(
    source: str | Path,
    *,
    ground_size_m: float,
    overlap: float = 0.0,
    zoom: int | None = None,
    min_covered: float = MIN_COVERED,
) -> MapItems:
    """
    Lay a map out in tiles. Nothing is cut yet.

    The tiles lie on one grid for the whole globe (see `grid`): those that are whole within the
    box around the map. An id is map name, ground size and centre, such as
    `ortho/70m/60.1700000,24.9400000`, so that a second run knows it, and tiles of another size
    can lie in the same gallery.

    Args:
        source: a GeoTIFF; a folder, a glob or a GDAL mosaic (.vrt) of GeoTIFFs; a folder of
            XYZ tiles; an MBTiles file.
        ground_size_m: a tile's side in metres on the ground, up to 10,000.
        overlap: share of a side that neighbours have in common, from 0 to below 1.
        zoom: level of a tile pyramid; None takes the lowest that loses nothing
            (see `opening.choose_zoom`).
        min_covered: share of a tile's pixels, 0 to 1, below which it counts as empty: it raises
            `EmptyTile` when it is read, and `embed_into` leaves it out. So it does with a tile
            that reaches over the edge of a map which does not lie straight to the north. 0
            takes them all.

    Returns:
        At least one item, with its centre's coordinates. It reads black where the map has no
        data.

    Raises:
        ConfigError: a size, an overlap, a share or a zoom makes no sense.
        ExtraMissing: it takes rasterio, which is not installed.
        DataError: no map, or one that cannot be used; or no tile fits.

    """
    grid = Grid(round(float(ground_size_m), 6), overlap)
    if not 0 <= min_covered <= 1:
        raise ConfigError(f"the share that must be covered is from 0 to 1, got {min_covered:g}")
    path = Path(source).absolute()
    look_anew()
    level = choose_zoom(path, zoom, grid.tile_m)
    layers = open_map(path, level)
    _check_resolution(path, layers[0], grid.tile_m)
    items = MapItems(path, layers, grid, level, min_covered)
    if not items:
        raise DataError(f"{path}: no tile of {grid.tile_m:g} m lies whole in it; take smaller ones")
    return items


def _check_resolution(path: Path, layer: Layer, size_m: float) -> None:
    extent = layer.extent
    middle = (extent.south + extent.north) / 2, (extent.west + extent.east) / 2
    pixels = native_pixels(layer, *middle, size_m)
    if pixels < MIN_TILE_PIXELS:
        raise DataError(
            f"{path}: a tile of {size_m:g} m is {pixels:.1f} pixels wide, expected at least "
            f"{MIN_TILE_PIXELS}; take larger tiles or a finer map"
        )
