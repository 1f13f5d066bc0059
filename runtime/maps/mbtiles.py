"""
MBTiles: a tile pyramid in one SQLite file (specification 1.3, github mapbox/mbtiles-spec).

Its rows count from the south (TMS); ours, as everybody else's, from the north.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from .mercator import MAX_ZOOM
from .pyramid import BLOCK, TileRange
from .tile_folder import MAX_TILE_BYTES

_MAX_STEPS = 1_000_000
"""Rounds of a thousand of SQLite's instructions in one query: some minutes, far above need."""


@dataclass(frozen=True, eq=False)
class MbTiles:
    """An MBTiles file, a `TileStore`. Each read opens it anew, so threads share nothing."""

    path: Path
    """The file."""

    def zooms(self) -> tuple[int, ...]:
        """See `TileStore.zooms`."""
        with _reading(self.path) as database:
            found = [zoom for zoom in range(MAX_ZOOM + 1) if _holds(database, zoom)]
        if not found:
            raise DataError(f"{self.path} holds no tiles of zoom 0 to {MAX_ZOOM}")
        return tuple(found)

    def ranges(self, zoom: int) -> list[TileRange]:
        """See `TileStore.ranges`."""
        query = (
            "SELECT MIN(tile_column), MAX(tile_row), MAX(tile_column), MIN(tile_row) FROM tiles "
            "WHERE zoom_level = ? GROUP BY tile_column / ?, tile_row / ?"
        )
        with _reading(self.path) as database:
            found = database.execute(query, (zoom, BLOCK, BLOCK)).fetchall()
        if not all(isinstance(number, int) for block in found for number in block):
            raise DataError(f"{self.path}: expected numbers of columns and rows, got other values")
        last = (1 << zoom) - 1
        return [
            TileRange(west, last - north, east, last - south) for west, north, east, south in found
        ]

    def samples(self, zoom: int) -> Iterator[bytes]:
        """See `TileStore.samples`."""
        query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND length(tile_data) <= ?"
        with _reading(self.path) as database:
            for (data,) in database.execute(query, (zoom, MAX_TILE_BYTES)):
                if isinstance(data, bytes):
                    yield data

    def fetch(self, zoom: int, column: int, row: int) -> bytes | None:
        """See `TileStore.fetch`."""
        query = (
            "SELECT length(tile_data), CASE WHEN length(tile_data) <= ? THEN tile_data END "
            "FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        )
        tms_row = (1 << zoom) - 1 - row
        with _reading(self.path) as database:
            found = database.execute(query, (MAX_TILE_BYTES, zoom, column, tms_row)).fetchone()
        if found is None or not found[0]:
            return None
        if not isinstance(found[1], bytes):
            raise DataError(
                f"{self.path}, tile {zoom}/{column}/{row}: expected at most "
                f"{MAX_TILE_BYTES:,} bytes of picture, got {found[0]:,}"
            )
        return found[1]


def open_mbtiles(path: Path) -> MbTiles:
    """
    Look at a file's metadata.

    Raises:
        DataError: it is no MBTiles file, or holds vector tiles.

    """
    with _reading(path) as database:
        query = "SELECT value FROM metadata WHERE name = 'format'"
        found = database.execute(query).fetchone()
    if found is not None and found[0] in ("pbf", "mvt"):
        raise DataError(
            f"{path} holds vector tiles ({found[0]}), which show no ground; "
            "expected pictures: png, jpg or webp"
        )
    return MbTiles(path)


def _holds(database: sqlite3.Connection, zoom: int) -> bool:
    query = "SELECT 1 FROM tiles WHERE zoom_level = ? LIMIT 1"
    return database.execute(query, (zoom,)).fetchone() is not None


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.set_progress_handler(_Budget(), 1000)
            yield database
    except sqlite3.Error as error:
        raise DataError(f"cannot read {path} as MBTiles: {error}") from error


class _Budget:
    """Ends a query that a crafted view would never let end."""

    def __init__(self) -> None:
        self._left = _MAX_STEPS

    def __call__(self, *_: object) -> bool:
        self._left -= 1
        return self._left < 0
