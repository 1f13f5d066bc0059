"""VIGOR's rows: a panorama, the tile whose centre is nearest, three more tiles that show it."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ...errors import DataError
from ..faults import Faults

_DEGREES = r"(-?\d+(?:\.\d+)?)"
_PANORAMA = re.compile(rf"([\w-]+),{_DEGREES},{_DEGREES},\.\w+", re.ASCII)
_TILE = re.compile(rf"satellite_{_DEGREES}_{_DEGREES}\.\w+", re.ASCII)

_FIELDS = 13


class Label(NamedTuple):
    """A panorama and the tiles that show it."""

    id: str
    """Google's name of the panorama."""

    panorama: str
    """Its file."""

    latitude: float
    """Of the camera, WGS84 degrees."""

    longitude: float
    """Of the camera, WGS84 degrees."""

    tiles: tuple[str, ...]
    """Four file names: the positive, then the semi-positives."""

    offsets: tuple[tuple[float, float], ...]
    """
    Of each tile (dy, dx) in pixels of its 640: the camera stands dy rows below the tile's centre
    and dx columns left of it. Pixels are those of Web Mercator at zoom 20, as measured on the
    corrected labels of Seattle, which agree with the coordinates within 5.
    """

    row: str
    """File and row."""


def read_labels(path: Path, faults: Faults) -> Iterator[Label]:
    """
    Read a label file: 13 fields a row, `panorama` and four times `tile dy dx`.

    Raises:
        DataError: the file cannot be read or holds nothing; a row is of another form and `faults`
            is strict.

    """
    for row, line in _lines(path):
        try:
            yield _label(line, row)
        except ValueError as error:
            faults.meet(f"{row}: {error}, got {line[:80]!r}")


def read_tiles(path: Path, faults: Faults) -> Iterator[tuple[str, float, float, str]]:
    """
    Read a list of tiles, one a row.

    Yields:
        File name, latitude and longitude of the centre in WGS84 degrees, file and row.

    Raises:
        DataError: as `read_labels`.

    """
    for row, name in _lines(path):
        try:
            yield name, *_position(name), row
        except ValueError as error:
            faults.meet(f"{row}: {error}, got {name[:80]!r}")


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Read what is not blank. Yields file and row, and the line."""
    try:
        with path.open(encoding="utf-8") as stream:
            lines = [(f"{path} row {row}", line.strip()) for row, line in enumerate(stream, 1)]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}; expected a list of VIGOR") from error
    if not any(line for _, line in lines):
        raise DataError(f"{path}: no rows; a list of VIGOR has at least one")
    return ((row, line) for row, line in lines if line)


def _label(line: str, row: str) -> Label:
    fields = line.split()
    if len(fields) != _FIELDS:
        raise ValueError(f"expected {_FIELDS} fields ('panorama', four of 'tile dy dx')")
    named = _PANORAMA.fullmatch(fields[0])
    if named is None:
        raise ValueError("expected '<id>,<latitude>,<longitude>,.jpg' first")
    tiles = tuple(fields[1::3])
    if len(set(tiles)) != len(tiles):
        raise ValueError("expected four different tiles")
    offsets = tuple(zip(_pixels(fields[2::3]), _pixels(fields[3::3]), strict=True))
    return Label(named[1], fields[0], *_degrees(named[2], named[3]), tiles, offsets, row)


def _position(tile: str) -> tuple[float, float]:
    named = _TILE.fullmatch(tile)
    if named is None:
        raise ValueError("expected 'satellite_<latitude>_<longitude>.png'")
    return _degrees(named[1], named[2])


def _degrees(latitude: str, longitude: str) -> tuple[float, float]:
    north, east = float(latitude), float(longitude)
    if abs(north) > 90 or abs(east) > 180:
        raise ValueError("expected degrees of latitude within ±90 and of longitude within ±180")
    return north, east


def _pixels(texts: list[str]) -> list[float]:
    try:
        pixels = [float(text) for text in texts]
    except ValueError:
        pixels = [math.nan]
    if not all(map(math.isfinite, pixels)):
        raise ValueError("expected two numbers of pixels after each tile")
    return pixels
