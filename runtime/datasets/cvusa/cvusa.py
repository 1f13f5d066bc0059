"""
CVUSA's layout: `splits/{train,val}-19zl.csv` name a tile and a panorama a row.

The id is the number in the tile's file name; row id - 1 of `all.csv` (at the root or in
`split_locations/`) holds tile latitude, tile longitude, ground latitude, ground longitude.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from ...errors import ConfigError, DataError
from ..faults import Faults
from ..folders import is_file
from ..paired_task import paired_task
from ..place import Place, Split
from ..task import Task
from .csv_rows import csv_rows

LOCATIONS = ("all.csv", "split_locations/all.csv")
"""Where the coordinates may lie; the first that exists is read."""

_Degrees = tuple[float | None, float | None, float | None, float | None]
_COLUMNS = "tile latitude, tile longitude, ground latitude, ground longitude in degrees"
_TILE = re.compile(r"bingmap/(?:.*/)?([0-9]{1,18})\.[^/.]+")


@dataclass(frozen=True, slots=True)
class Cvusa:
    """CVUSA, the subset of CVPR 2017: train and val."""

    root: Path
    """Holds `bingmap/`, `streetview/` and `splits/`."""

    faults: Faults
    """What to do with rows of another form, ids that come twice, and wrong coordinates."""

    held_out: Split = "val"
    """There is no test split."""

    def places(self, split: Split) -> list[Place]:
        """
        Read one split. Images are not opened.

        Returns:
            Places in the order of the split file; coordinates are None where `all.csv` is absent.

        Raises:
            DataError: the split file is missing, empty, or has a row of another form; an id is
                doubled, or has no row of four numbers of degrees in `all.csv`; that has a header,
                so that every row would belong to another id.
            ConfigError: the split is `test`.

        """
        if split == "test":
            raise ConfigError("CVUSA has no test split; ask for train or val")
        path = self.root / "splits" / f"{split}-19zl.csv"
        locations = _read_locations(self.root)
        places: dict[int, Place] = {}
        for line, fields in enumerate(csv_rows(path, "CVUSA"), start=1):
            row = f"splits/{path.name} row {line}"
            try:
                id_ = _id(fields)
                if int(id_) in places:
                    raise _Broken(f"id {id_} stands in {places[int(id_)].row} already")
                degrees = _degrees(int(id_), locations)
                ground, satellite = self.root / fields[1], self.root / fields[0]
                places[int(id_)] = Place(id_, ground, satellite, *degrees, row=row)
            except _Broken as broken:
                self.faults.meet(f"{path} row {line}: {broken}")
        if not places:
            raise DataError(f"{path}: no rows that can be used; a split lists at least one place")
        return list(places.values())

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """List the one task: every panorama against every tile of the split."""
        return (paired_task(f"CVUSA {split}", self.places(split)),)


class _Broken(Exception):
    """A row cannot be used: what was expected and what came."""


@dataclass(frozen=True, slots=True)
class _Locations:
    path: Path
    rows: list[list[str]]


def _read_locations(root: Path) -> _Locations | None:
    for path in (root / name for name in LOCATIONS):
        if is_file(path):
            rows = csv_rows(path, "CVUSA")
            if rows and any(rows[0]) and not any(map(_is_number, rows[0])):
                header = ",".join(rows[0])
                raise DataError(
                    f"{path} row 1: a header, {header!r}; remove it: row i belongs to id i"
                )
            return _Locations(path, rows)
    return None


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _id(fields: list[str]) -> str:
    tile = _TILE.fullmatch(fields[0]) if len(fields) > 1 else None
    if tile is None or not fields[1].startswith("streetview/"):
        raise _Broken(
            "expected 'bingmap/…/<number>.jpg,streetview/…/<number>.jpg,…', "
            f"got {','.join(fields)!r}"
        )
    return tile[1]


def _degrees(number: int, locations: _Locations | None) -> _Degrees:
    """Look an id up. Returns latitude and longitude of the camera, then of the tile."""
    if locations is None:
        return None, None, None, None
    path, rows = locations.path, locations.rows
    if not 1 <= number <= len(rows):
        raise _Broken(f"id {number} has no row in {path} ({len(rows)} rows)")
    try:
        tile_latitude, tile_longitude, latitude, longitude = map(float, rows[number - 1][:4])
    except ValueError:
        came = ",".join(rows[number - 1])
        raise _Broken(f"{path} row {number}: expected {_COLUMNS}, got {came!r}") from None
    if not (abs(tile_latitude) <= 90 and abs(latitude) <= 90):
        raise _Broken(f"{path} row {number}: expected {_COLUMNS}; a latitude is beyond ±90")
    if not (abs(tile_longitude) <= 180 and abs(longitude) <= 180):
        raise _Broken(f"{path} row {number}: expected {_COLUMNS}; a longitude is beyond ±180")
    return latitude, longitude, tile_latitude, tile_longitude
