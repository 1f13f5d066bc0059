"""Folders of map tiles, `zoom/column/row.png`, rows counted from the north (XYZ)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from .mercator import MAX_ZOOM
from .pyramid import BLOCK, TileRange

TILE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")

MAX_TILE_BYTES = 16 * 2**20
"""A larger tile is refused unread."""


@dataclass(frozen=True, eq=False)
class TileFolder:
    """A folder of tiles, a `TileStore`."""

    path: Path
    """The folder that holds the zoom levels."""

    suffix: str
    """What its tiles' names end in."""

    def zooms(self) -> tuple[int, ...]:
        """See `TileStore.zooms`."""
        levels = (zoom for zoom in _numbers(self.path) if zoom <= MAX_ZOOM)
        return tuple(sorted(zoom for zoom in levels if any(True for _ in self._tiles(zoom))))

    def ranges(self, zoom: int) -> list[TileRange]:
        """See `TileStore.ranges`."""
        around: dict[tuple[int, int], TileRange] = {}
        for column, row in self._tiles(zoom):
            block = (column // BLOCK, row // BLOCK)
            old = around.get(block, TileRange(column, row, column, row))
            around[block] = TileRange(
                min(old.first_column, column),
                min(old.first_row, row),
                max(old.last_column, column),
                max(old.last_row, row),
            )
        return list(around.values())

    def samples(self, zoom: int) -> Iterator[bytes]:
        """See `TileStore.samples`."""
        for column, row in self._tiles(zoom):
            data = self.fetch(zoom, column, row)
            if data is not None:
                yield data

    def fetch(self, zoom: int, column: int, row: int) -> bytes | None:
        """See `TileStore.fetch`."""
        file = self.path / str(zoom) / str(column) / f"{row}{self.suffix}"
        try:
            size_bytes = file.stat().st_size
            if size_bytes > MAX_TILE_BYTES:
                raise DataError(
                    f"{file}: expected at most {MAX_TILE_BYTES:,} bytes, got {size_bytes:,}"
                )
            return file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DataError(f"cannot read {file}: {error.strerror or error}") from error

    def _tiles(self, zoom: int) -> Iterator[tuple[int, int]]:
        """Yield the column and row of each tile."""
        for column in _numbers(self.path / str(zoom)):
            for row in _rows(self.path / str(zoom) / str(column), self.suffix):
                yield column, row


def is_tile_folder(path: Path) -> bool:
    """Whether a folder has the layout `zoom/column/row.png` (or .jpg, .webp)."""
    return path.is_dir() and _first_suffix(path) is not None


def open_tile_folder(path: Path) -> TileFolder:
    """
    Look at a folder of tiles.

    Raises:
        DataError: its rows count from the south (TMS), or it holds no tiles.

    """
    if (path / "tilemapresource.xml").exists():
        raise DataError(
            f"{path} is a TMS folder, whose rows count from the south; make an XYZ folder: "
            "gdal2tiles.py --xyz"
        )
    suffix = _first_suffix(path)
    if suffix is None:
        raise DataError(f"{path}: expected tiles named zoom/column/row.png, .jpg or .webp")
    return TileFolder(path, suffix)


def _first_suffix(path: Path) -> str | None:
    for zoom in _numbers(path):
        for column in _numbers(path / str(zoom)):
            for suffix in TILE_SUFFIXES:
                if any(True for _ in _rows(path / str(zoom) / str(column), suffix)):
                    return suffix
    return None


def _numbers(folder: Path) -> Iterator[int]:
    """Yield the sub-folders whose names are numbers."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if _is_number(entry.name) and entry.is_dir():
                yield int(entry.name)


def _rows(folder: Path, suffix: str) -> Iterator[int]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(suffix) and _is_number(entry.name[: -len(suffix)]):
                yield int(entry.name[: -len(suffix)])


def _is_number(name: str) -> bool:
    """Whether a name is a number as a tile's name writes it; `007` names no tile."""
    return name.isascii() and name.isdecimal() and len(name) <= 8 and str(int(name)) == name
