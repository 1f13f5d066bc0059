"""One zoom level of a tile pyramid: many small pictures that together are one raster."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from . import mercator
from .layer import Extent, Window
from .tile_picture import decode_tile

KEPT_TILES = 64
"""Decoded tiles in memory: neighbours on the ground share them. 64 MiB at 512 x 512 pixels."""

MAX_WINDOW_PIXELS = 2**26
"""Of one window, before it is averaged down."""

BLOCK = 64
"""Tiles along a side of the blocks in which a level is described: far places stay apart."""

SAMPLES = 16
"""Tiles that are tried for their size before a level counts as unreadable."""


@dataclass(frozen=True, slots=True)
class TileRange:
    """A rectangle of tiles of one zoom level, in XYZ numbers: row 0 is in the north."""

    first_column: int
    """The westernmost."""

    first_row: int
    """The northernmost."""

    last_column: int
    """The easternmost."""

    last_row: int
    """The southernmost."""


class TileStore(Protocol):
    """
    Where the pictures of a pyramid lie. It may be read from several threads at once.

    Equal to itself alone: what is remembered of one that was opened is not taken for what
    another finds at the same path later.
    """

    @property
    def path(self) -> Path:
        """The folder or file."""

    def __hash__(self) -> int: ...

    def zooms(self) -> tuple[int, ...]:
        """List the levels that hold tiles, rising; raises DataError if there are none."""

    def ranges(self, zoom: int) -> Sequence[TileRange]:
        """Enclose a level's tiles, at least one: each `BLOCK` of them by itself, in any order."""

    def samples(self, zoom: int) -> Iterator[bytes]:
        """Read a level's tiles in any order."""

    def fetch(self, zoom: int, column: int, row: int) -> bytes | None:
        """Read one tile's file, in XYZ numbers; None if there is none."""


@dataclass(frozen=True, slots=True)
class PyramidLevel:
    """A level as one raster of the whole world, a `Layer`. Missing tiles hold no data."""

    store: TileStore
    """Where its tiles lie."""

    zoom: int
    """Which level."""

    tile_pixels: int
    """Side of its tiles, in pixels."""

    parts: tuple[Extent, ...]
    """Where its tiles lie, block by block."""

    @property
    def extent(self) -> Extent:
        """Where its tiles lie."""
        return Extent.hull(self.parts)

    @property
    def width(self) -> int:
        """Columns of the whole world."""
        return self.tile_pixels << self.zoom

    @property
    def height(self) -> int:
        """Rows of the whole world."""
        return self.width

    def pixels_at(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """See `Layer.pixels_at`."""
        return mercator.pixels_at(latitudes, longitudes, self.width)

    def read(self, window: Window, width: int, height: int) -> NDArray[np.uint8]:
        """See `Layer.read`."""
        if window.width * window.height > MAX_WINDOW_PIXELS:
            raise DataError(
                f"{self.store.path}: a tile takes {window.width} x {window.height} pixels of zoom "
                f"{self.zoom}; give a smaller --zoom"
            )
        pixels = np.zeros((window.height, window.width, 4), np.uint8)
        for column, row in self._tiles(window):
            tile = _decoded(self.store, self.zoom, column, row, self.tile_pixels)
            if tile is not None:
                _paste(pixels, tile, column * self.tile_pixels - window.column,
                       row * self.tile_pixels - window.row)  # fmt: skip
        if (height, width) == pixels.shape[:2]:
            return pixels
        small = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))
        small[small[..., 3] < 128] = 0
        return np.asarray(small, np.uint8)

    def _tiles(self, window: Window) -> Iterator[tuple[int, int]]:
        size = self.tile_pixels
        for row in range(window.row // size, (window.row + window.height - 1) // size + 1):
            last = (window.column + window.width - 1) // size
            for column in range(window.column // size, last + 1):
                yield column, row


def open_level(store: TileStore, zoom: int) -> PyramidLevel:
    """
    Look at one level: how large its tiles are and where they lie.

    Raises:
        DataError: the store holds no such level, vector tiles, or tiles of no usual size.

    """
    if zoom not in store.zooms():
        held = ", ".join(map(str, store.zooms()))
        raise DataError(f"{store.path} holds no tiles of zoom {zoom}; it has {held}")
    parts = tuple(_extent(store.path, zoom, tiles) for tiles in store.ranges(zoom))
    return PyramidLevel(store, zoom, _tile_pixels(store, zoom), parts)


def _extent(path: Path, zoom: int, tiles: TileRange) -> Extent:
    first = min(tiles.first_column, tiles.first_row)
    last = max(tiles.last_column, tiles.last_row)
    if not 0 <= first <= last < 1 << zoom:
        raise DataError(
            f"{path}: expected tile numbers of zoom {zoom} from 0 to {(1 << zoom) - 1}, "
            f"got {first} to {last}"
        )
    return Extent(
        south=mercator.latitude_of(tiles.last_row + 1, 1 << zoom),
        west=mercator.longitude_of(tiles.first_column, 1 << zoom),
        north=mercator.latitude_of(tiles.first_row, 1 << zoom),
        east=mercator.longitude_of(tiles.last_column + 1, 1 << zoom),
    )


def _tile_pixels(store: TileStore, zoom: int) -> int:
    """Take the size of the first tile that can be read; a few damaged ones are met later."""
    problem = DataError(f"{store.path} holds no tiles of zoom {zoom}")
    for data in islice(store.samples(zoom), SAMPLES):
        try:
            return len(decode_tile(data, f"{store.path}, a tile of zoom {zoom}"))
        except DataError as error:
            problem = error
    raise problem


@lru_cache(maxsize=KEPT_TILES)
def _decoded(
    store: TileStore, zoom: int, column: int, row: int, tile_pixels: int
) -> NDArray[np.uint8] | None:
    data = store.fetch(zoom, column, row)
    if data is None:
        return None
    name = f"{store.path}, tile {zoom}/{column}/{row}"
    tile = decode_tile(data, name)
    if len(tile) != tile_pixels:
        raise DataError(
            f"{name}: expected {tile_pixels} pixels a side, as its neighbours have; got {len(tile)}"
        )
    return tile


def _paste(pixels: NDArray[np.uint8], tile: NDArray[np.uint8], left: int, top: int) -> None:
    """Copy the part of a tile that lies on `pixels`; its corner is at `left`, `top`."""
    height, width = pixels.shape[:2]
    size = len(tile)
    inside = np.s_[max(0, top) : min(height, top + size), max(0, left) : min(width, left + size)]
    pixels[inside] = tile[max(0, -top) : height - top, max(0, -left) : width - left]
