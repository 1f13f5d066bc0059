"""VIGOR's layout on disk: four cities, tiles on a grid, panoramas anywhere on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ....runtime.errors import ConfigError
from ..assignment import Assignment
from ..config import TownConfig
from ..geography import Degrees, world_corner
from ..survey import Spot, Survey
from ..views.sun import Sun, draw_sun
from .contact_sheet import contact_sheet, shown, with_mark
from .picture_files import read_picture, write_picture
from .picture_ids import panorama_id
from .tile_grid import Cell, TileGrid
from .vigor_labels import LABEL_PX, Label, offset_px, panorama_name, tile_name

CITIES: dict[str, Degrees] = {
    "Chicago": (41.88, -87.63),
    "NewYork": (40.75, -73.98),
    "SanFrancisco": (37.77, -122.42),
    "Seattle": (47.61, -122.33),
}
"""Rough latitude and longitude of each city: its town's north-west corner."""

LABEL_FILES = ("splits/{city}/{name}.txt", "splits__corrected/{city}/{name}__corrected.txt")
"""The label files as published, and as github tudelft-iv/SliceMatch corrects them."""

TILE_LISTS = ("splits/{city}/satellite_list.txt", "splits__corrected/{city}/satellite_list.txt")


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What the lists need of one world."""

    city: str
    tiles: tuple[str, ...]
    labels: tuple[Label, ...]


class VigorLayout:
    """
    Worlds dealt to four cities; training and test places of a city share worlds and tiles.

    The labels are exact, so the corrected ones are the same.
    """

    def assign(self, config: TownConfig) -> list[Assignment]:
        """Ids count up city by city. Numbers go round the cities, so that no two share a world."""
        _check(config)
        assignments: list[Assignment] = []
        first_id, quota = 1, config.places_per_world
        for number, (city, origin) in enumerate(CITIES.items()):
            total = _share(config.places, number) + _share(config.test_places, number)
            for turn, start in enumerate(range(0, total, quota)):
                assignments.append(
                    Assignment(
                        stream="both",
                        number=number + turn * len(CITIES),
                        first_id=first_id + start,
                        count=min(quota, total - start),
                        quota=quota,
                        spacing_m=config.spacing_m,
                        corner=world_corner(origin, turn, config.world_side_m, held_out=False),
                        name=city,
                    )
                )
            first_id += total
        return assignments

    def make_folders(self, root: Path) -> None:
        """Create the folders under `root`."""
        for city in CITIES:
            for view in ("panorama", "satellite"):
                (root / city / view).mkdir(parents=True)
            for tiles in TILE_LISTS:
                (root / tiles.format(city=city)).parent.mkdir(parents=True)

    def write_world(self, root: Path, survey: Survey) -> Surveyed:
        """Write every tile of the grid as PNG and every panorama as JPEG."""
        shared_sun = draw_sun(survey.chance(4)) if survey.config.hardness.shared_sun else None
        grid = TileGrid(survey.config.world_side_m, survey.config.tile_side_m)
        folder = root / survey.assignment.name
        tiles = _write_tiles(folder / "satellite", survey, grid, shared_sun)
        labels = _write_panoramas(folder / "panorama", survey, grid, tiles, shared_sun)
        return Surveyed(survey.assignment.name, tuple(tiles.values()), tuple(labels))

    def write_lists(self, root: Path, config: TownConfig, rows: Sequence[Surveyed]) -> None:
        """Write each city's four lists, twice."""
        for number, city in enumerate(CITIES):
            own = [row for row in rows if row.city == city]
            labels = [label for row in own for label in row.labels]
            test = _is_test(len(labels), _share(config.test_places, number))
            lists = {
                "pano_label_balanced": labels,
                "same_area_balanced_train": list(compress(labels, ~test)),
                "same_area_balanced_test": list(compress(labels, test)),
            }
            for path in TILE_LISTS:
                _write_lines(root / path.format(city=city), [t for row in own for t in row.tiles])
            for name, listed in lists.items():
                for path in LABEL_FILES:
                    lines = [label.line() for label in listed]
                    _write_lines(root / path.format(city=city, name=name), lines)

    def sheet(self, root: Path, config: TownConfig, rows: Sequence[Surveyed]) -> NDArray[np.uint8]:
        """Show panoramas of all cities beside their four tiles, the camera marked on each."""
        placed = [(row.city, label) for row in rows for label in row.labels]
        shown_rows = []
        for city, label in (placed[index] for index in shown(len(placed))):
            tiles = [
                with_mark(
                    read_picture(root / city / "satellite" / tile), dy / LABEL_PX, -dx / LABEL_PX
                )
                for tile, (dy, dx) in zip(label.tiles, label.offsets_px, strict=True)
            ]
            shown_rows.append((tiles, read_picture(root / city / "panorama" / label.panorama)))
        return contact_sheet(shown_rows, config.vertical_view_deg)

    def summary(self, config: TownConfig, rows: Sequence[Surveyed]) -> str:
        """Say how many places there are, and how many tiles."""
        tiles = sum(len(row.tiles) for row in rows)
        return f"{config.places} training and {config.test_places} test places and {tiles} tiles"


def _write_tiles(
    folder: Path, survey: Survey, grid: TileGrid, shared_sun: Sun | None
) -> dict[Cell, str]:
    names = {}
    for index, cell in enumerate(grid.cells()):
        rng, centre_m = survey.chance(3, index), grid.centre_m(cell)
        picture = survey.tile(centre_m, shared_sun or draw_sun(rng), rng)
        names[cell] = tile_name(survey.degrees(centre_m))
        write_picture(folder / names[cell], picture)
    return names


def _write_panoramas(
    folder: Path, survey: Survey, grid: TileGrid, tiles: dict[Cell, str], shared_sun: Sun | None
) -> list[Label]:
    labels = []
    for index, place_m in enumerate(survey.places()):
        rng = survey.chance(2, index)
        sun = shared_sun or draw_sun(rng)
        picture = survey.panorama(place_m, survey.heading_deg(rng), sun, rng)
        label = _label(survey, survey.assignment.first_id + index, place_m, grid, tiles)
        write_picture(folder / label.panorama, picture, survey.config.jpeg_quality)
        labels.append(label)
    return labels


def _label(
    survey: Survey, id_: int, place_m: Spot, grid: TileGrid, tiles: dict[Cell, str]
) -> Label:
    cells = grid.covering(place_m)
    return Label(
        id=id_,
        panorama=panorama_name(panorama_id(survey.config.seed, id_), survey.degrees(place_m)),
        tiles=tuple(tiles[cell] for cell in cells),
        offsets_px=tuple(
            offset_px(grid.offset_m(cell, place_m), grid.tile_side_m) for cell in cells
        ),
    )


def _is_test(count: int, wanted: int) -> NDArray[np.bool_]:
    """[count] bool, `wanted` of them true, evenly spread over the worlds."""
    steps = np.arange(count + 1) * wanted // max(count, 1)
    return np.diff(steps) > 0


def _write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines))


def _share(total: int, number: int) -> int:
    """How many of a town's places the city of that number gets."""
    return total // len(CITIES) + (number < total % len(CITIES))


def _check(config: TownConfig) -> None:
    for name, places in (("places", config.places), ("test_places", config.test_places)):
        if 0 < places < len(CITIES):
            raise ConfigError(f"VIGOR's {len(CITIES)} cities need as many {name}, got {places}")
    stride_m = config.tile_side_m / 2
    if config.world_side_m % stride_m:
        raise ConfigError(
            f"VIGOR's tiles lie {stride_m} m apart, half their side, and cannot fill a world of "
            f"{config.world_side_m} m: choose a tile_side_m of whose half that is a multiple"
        )
