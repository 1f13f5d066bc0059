"""
University-1652's layout on disk: a folder a building, named by its number.

The benchmark's `google` and `4K_drone` folders are not written: nothing of ours reads them.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ....runtime.errors import DataError
from ..assignment import Assignment, held_out_worlds, training_worlds
from ..building_survey import BuildingViews, photograph_buildings
from ..config import TownConfig
from ..survey import Survey
from .contact_sheet import shown, strips
from .picture_files import read_picture, write_picture

ORIGIN = (39.8333, -98.5833)
"""Latitude and longitude of the town, which no file of this layout says."""

FOLDERS = (
    *(f"train/{view}" for view in ("satellite", "drone", "street")),
    *(f"test/{side}_{view}" for side in ("query", "gallery") for view in ("satellite", "drone")),
    *(f"test/{side}_street" for side in ("query", "gallery")),
)

DISTRACTORS = 250 / 701
"""Buildings in the test galleries that no query shows, a query's building, as the benchmark has."""

MOST_BUILDINGS = 10_000
"""A building's folder has four digits."""

_BUILDINGS_A_HECTARE = 4.0
"""Buildings asked of a world at most: the town builds more than twice as many."""


class University1652Layout:
    """Buildings 0001 and on: to train on, then asked for and distractors in turn."""

    def assign(self, config: TownConfig) -> list[Assignment]:
        """Training worlds, then held-out ones, fewer buildings in each than streets have spots."""
        total = config.places + held_out(config)
        if total >= MOST_BUILDINGS:
            raise DataError(
                f"{total} buildings, distractors among them: University-1652's layout names "
                f"at most {MOST_BUILDINGS - 1}; ask for fewer places"
            )
        most = most_a_world(config)
        config = config.model_copy(
            update={
                "places_per_world": min(most, config.places_per_world),
                "test_places_per_world": min(most, config.test_places_per_world),
            }
        )
        first_id = config.places + 1
        worlds = training_worlds(config, ORIGIN)
        worlds += held_out_worlds(config, ORIGIN, first_id=first_id, places=held_out(config))
        return [replace(world, subject="building") for world in worlds]

    def make_folders(self, root: Path) -> None:
        """Create the folders under `root`."""
        for name in FOLDERS:
            (root / name).mkdir(parents=True)

    def write_world(self, root: Path, survey: Survey) -> list[int]:
        """Write every view of each building; hand back their numbers."""
        written = []
        for views in photograph_buildings(survey):
            for place in _roles(views.id, survey.config):
                _write_building(root, place, views, survey.config.jpeg_quality)
            written.append(views.id)
        return written

    def write_lists(self, root: Path, config: TownConfig, rows: Sequence[list[int]]) -> None:
        """Nothing: this benchmark's folders are its lists."""

    def sheet(self, root: Path, config: TownConfig, rows: Sequence[list[int]]) -> NDArray[np.uint8]:
        """Show tiles of both splits, each beside some images of its drone."""
        written = [number for row in rows for number in row]
        images = [index + 1 for index in shown(config.drone_images)]
        pictures = []
        for building in (written[index] for index in shown(len(written))):
            side = _roles(building, config)[-1]
            names = [drone_name(side, building, image) for image in images]
            names.insert(0, tile_name(side, building))
            pictures.append([read_picture(root / name) for name in names])
        return strips(pictures)

    def summary(self, config: TownConfig, rows: Sequence[list[int]]) -> str:
        """Say how many buildings there are of each kind."""
        distractors = held_out(config) - config.test_places
        return (
            f"{config.places} training buildings, {config.test_places} test buildings and "
            f"{distractors} distractors, {config.drone_images} drone images each,"
        )


def held_out(config: TownConfig) -> int:
    """How many buildings the test galleries hold, distractors among them."""
    return config.test_places + round(config.test_places * DISTRACTORS)


def most_a_world(config: TownConfig) -> int:
    """How many buildings are asked of a world at most."""
    hectares = (config.world_side_m - 2 * config.margin_m) ** 2 / 1e4
    return max(1, int(hectares * _BUILDINGS_A_HECTARE))


def is_distractor(id_: int, config: TownConfig) -> bool:
    """Whether a held-out building is in galleries only: they are spread evenly over its worlds."""
    total = held_out(config)
    share, place = total - config.test_places, id_ - config.places
    return place * share // total > (place - 1) * share // total


def tile_name(side: str, building: int) -> str:
    """Path of a building's tile; side is such as `train/{}` or `test/query_{}`."""
    return f"{side.format('satellite')}/{building:04d}/{building:04d}.jpg"


def drone_name(side: str, building: int, image: int) -> str:
    """Path of a drone's image, counted from 1."""
    return f"{side.format('drone')}/{building:04d}/image-{image:02d}.jpeg"


def street_name(side: str, building: int, image: int) -> str:
    """Path of a street view, counted from 1."""
    return f"{side.format('street')}/{building:04d}/{image}.jpg"


def _roles(id_: int, config: TownConfig) -> tuple[str, ...]:
    """Where a building stands: in training, in query and gallery, or in the gallery alone."""
    if id_ <= config.places:
        return ("train/{}",)
    if is_distractor(id_, config):
        return ("test/gallery_{}",)
    return ("test/query_{}", "test/gallery_{}")


def _write_building(root: Path, side: str, views: BuildingViews, jpeg_quality: int) -> None:
    named = {tile_name(side, views.id): views.tile}
    for image, picture in enumerate(views.drone, 1):
        named[drone_name(side, views.id, image)] = picture
    for image, picture in enumerate(views.street, 1):
        named[street_name(side, views.id, image)] = picture
    for name, picture in named.items():
        (root / name).parent.mkdir(exist_ok=True)
        write_picture(root / name, picture, jpeg_quality)
