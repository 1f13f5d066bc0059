"""
CVUSA's layout: `splits/{train,val}-19zl.csv` name a tile and a panorama a row.

The id is the number in the tile's file name; row id - 1 of `all.csv` (at the root or in
`split_locations/`) holds tile latitude, tile longitude, ground latitude, ground longitude.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from .faults import Faults
from .paired_task import paired_task
from .place import Place, Split
from .task import Task

Row = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Cvusa:
    """CVUSA, the subset of CVPR 2017: train and val."""

    root: Path
    """Holds `bingmap/`, `streetview/` and `splits/`."""

    faults: Faults
    """What to do with broken rows."""

    held_out: Split = "val"
    """There is no test split."""

    def places(self, split: Split) -> list[Place]:
        """
        Read one split. Images are not opened.

        Returns:
            Places in the order of the split file; coordinates are None where `all.csv` is absent.

        Raises:
            DataError: the split file is missing, empty, or has a row of another form; an id is
                doubled, or has no row in `all.csv`.

        """
        path = self.root / "splits" / f"{split}-19zl.csv"
        coordinates = _coordinates(self.root)
        places = [_place(self.root, path, line, row, coordinates) for line, row in _rows(path)]
        if not places:
            raise DataError(f"{path}: no rows; a split lists at least one place")
        if len({place.id for place in places}) != len(places):
            raise DataError(f"{path}: an id occurs twice; every tile may be listed once")
        return places

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """List the one task: every panorama against every tile of the split."""
        return (paired_task(f"CVUSA {split}", self.places(split)),)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            return [(line, row) for line, row in enumerate(csv.reader(stream), start=1) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot read {path}: {error}; expected CVUSA's layout") from error


def _place(
    root: Path, path: Path, line: int, row: list[str], coordinates: list[Row] | None
) -> Place:
    if len(row) < 2 or not Path(row[0]).stem.isdigit():
        raise DataError(
            f"{path} row {line}: expected 'bingmap/…/<number>.jpg,streetview/…', got {row}"
        )
    satellite, ground = root / row[0], root / row[1]
    number = int(satellite.stem)
    if coordinates is None:
        return Place(satellite.stem, ground, satellite)
    if not 1 <= number <= len(coordinates):
        raise DataError(
            f"{path} row {line}: id {number} has no row in all.csv ({len(coordinates)} rows)"
        )
    tile_latitude, tile_longitude, latitude, longitude = coordinates[number - 1]
    return Place(
        satellite.stem, ground, satellite, latitude, longitude, tile_latitude, tile_longitude
    )


def _coordinates(root: Path) -> list[Row] | None:
    for path in (root / "all.csv", root / "split_locations" / "all.csv"):
        if path.is_file():
            return [_coordinate(path, line, row) for line, row in _rows(path)]
    return None


def _coordinate(path: Path, line: int, row: list[str]) -> Row:
    try:
        tile_latitude, tile_longitude, latitude, longitude = map(float, row[:4])
    except ValueError as error:
        raise DataError(
            f"{path} row {line}: expected four numbers of degrees, got {row}"
        ) from error
    return tile_latitude, tile_longitude, latitude, longitude
