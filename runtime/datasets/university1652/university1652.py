"""
University-1652: buildings seen by a drone and from above, a folder a building.

The drone's images go through the ground branch. `train/{drone,satellite}` hold the same buildings;
`test/gallery_*` hold those of `test/query_*` and more, the distractors
(github layumi/University1652-Baseline).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import ConfigError, DataError
from ...preprocess import View
from ..faults import Faults
from ..place import Place, Split
from ..task import GalleryRows, Picture, Protocol, Task
from .folders import read_pictures, read_tiles

_FOLDERS: dict[Split, tuple[tuple[str, str], tuple[str, str]]] = {
    "train": (("train/drone", "train/satellite"), ("train/drone", "train/satellite")),
    "test": (
        ("test/query_drone", "test/gallery_satellite"),
        ("test/gallery_drone", "test/query_satellite"),
    ),
}
"""The drone's folder and the satellite's: when the drone asks, and when the satellite does."""


@dataclass(frozen=True, slots=True)
class University1652:
    """University-1652: train and test. It has no coordinates."""

    root: Path
    """Holds `train/` and `test/`; street views are not looked at."""

    faults: Faults
    """What to do with buildings that lack an image or have one too many."""

    held_out: Split = "test"
    """There is no val split."""

    def places(self, split: Split) -> list[Place]:
        """
        List one split: a place a drone image, with its building's tile. Images are not opened.

        Raises:
            DataError: a folder is missing or holds no images; a building has no drone image, no
                tile or several.
            ConfigError: University-1652 has no such split.

        """
        forth, back = _folders(split)
        drones, tiles = self._read(*forth)
        if forth == back:
            self._answered(tiles, drones, forth[0])
        tile_of = {tile.group: tile.path for tile in tiles}
        return [
            Place(drone.id, drone.path, tile_of[drone.group], tile=drone.group)
            for drone in self._answered(drones, tiles, forth[1])
        ]

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """
        List both directions: drone to satellite, satellite to drone.

        `distractors kept` is the benchmark's own protocol; `distractors dropped`, of Sample4Geo
        and DAC, leaves out gallery images of buildings that no query shows.

        Raises:
            DataError: as `places`.
            ConfigError: as `places`.

        """
        forth, back = _folders(split)
        sides = {folders: self._read(*folders) for folders in (forth, back)}
        named = "University-1652" if split == "test" else f"University-1652 {split}"
        drones, tiles = sides[forth]
        asking = self._answered(drones, tiles, forth[1])
        by_drone = _task(f"{named} drone to satellite", "ground", asking, tiles)
        drones, tiles = sides[back]
        asking = self._answered(tiles, drones, back[0])
        return by_drone, _task(f"{named} satellite to drone", "satellite", asking, drones)

    def _read(self, drones: str, tiles: str) -> tuple[list[Picture], list[Picture]]:
        return (
            read_pictures(self.root / drones, self.faults),
            read_tiles(self.root / tiles, self.faults),
        )

    def _answered(
        self, queries: Iterable[Picture], gallery: Iterable[Picture], folder: str
    ) -> list[Picture]:
        """Leave out, as a fault a building, the queries of buildings that are not in a gallery."""
        known = {picture.group for picture in gallery}
        answered: list[Picture] = []
        unknown: dict[str, Picture] = {}
        for query in queries:
            if query.group in known:
                answered.append(query)
            else:
                unknown.setdefault(query.group, query)
        for building, query in unknown.items():
            self.faults.meet(f"{query.path.parent}: building {building} is not in {folder}")
        if not answered:
            raise DataError(f"{self.root}: {folder} has none of the buildings that are asked for")
        return answered


def _folders(split: Split) -> tuple[tuple[str, str], tuple[str, str]]:
    if split not in _FOLDERS:
        raise ConfigError(f"University-1652 has no {split} split: train and test")
    return _FOLDERS[split]


def _task(name: str, view: View, queries: list[Picture], gallery: list[Picture]) -> Task:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, picture in enumerate(gallery):
        rows[picture.group].append(row)
    right = GalleryRows.of(rows[query.group] for query in queries)
    asked = {query.group for query in queries}
    shown = np.flatnonzero([picture.group in asked for picture in gallery]).astype(np.int64)
    return Task(
        name=name,
        query_view=view,
        queries=tuple(queries),
        gallery=tuple(gallery),
        protocols=(
            Protocol("distractors kept", right, figures="cmc-and-ap"),
            Protocol("distractors dropped", right, kept=shown, figures="cmc-and-ap"),
        ),
    )
