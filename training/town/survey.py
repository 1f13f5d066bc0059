"""Taking the pictures of one world's places. Nothing here knows how they are stored."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import DataError
from .backdrop import draw_weather
from .config import Split, TownConfig
from .geography import to_degrees, world_corner
from .lens import Lens, lens_of
from .panorama import render_panorama
from .photograph import photograph
from .places import choose_places
from .sun import draw_sun
from .tile import render_tile
from .world import World, make_world

ATTEMPTS = 8
"""Worlds tried before a town is declared too crowded."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One world's share of a town."""

    split: Split
    """Which split its places belong to."""

    number: int
    """Number of the world within its split, from 0."""

    first_id: int
    """Id of its first place."""

    count: int
    """Places to photograph."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two views of one place."""

    id: int
    """Number of the place in the town, from 1."""

    ground: NDArray[np.uint8]
    """[H, W, 3] uint8 RGB panorama."""

    satellite: NDArray[np.uint8]
    """[T, T, 3] uint8 RGB tile, north up."""

    ground_degrees: tuple[float, float]
    """Latitude and longitude of the panorama."""

    satellite_degrees: tuple[float, float]
    """Latitude and longitude of the tile's centre."""

    heading_deg: float
    """Direction of the panorama's centre column, 0..360 degrees clockwise from north."""


@dataclass(slots=True)
class Survey:
    """One world's places, ready to be photographed."""

    config: TownConfig
    assignment: Assignment
    world: World
    places_m: NDArray[np.float64]
    entropy: tuple[int, ...]
    world_cpu_s: float

    def pairs(self) -> Iterator[Pair]:
        """Photograph the places in the order of their ids."""
        lens = lens_of(self.config)
        for index, place_m in enumerate(self.places_m):
            rng = np.random.default_rng([*self.entropy, 2, index])
            yield _take_pair(self, lens, index, (float(place_m[0]), float(place_m[1])), rng)


def survey_world(config: TownConfig, assignment: Assignment) -> Survey:
    """
    Build the world of an assignment and choose its places.

    Args:
        config: the town.
        assignment: which world; the same one always comes out the same.

    Returns:
        The survey, with exactly `assignment.count` places.

    Raises:
        DataError: no world of this size offers as many places at this spacing.

    """
    start = time.process_time()
    held_out = assignment.split == "val"
    quota = config.test_places_per_world if held_out else config.places_per_world
    spacing_m = config.test_spacing_m if held_out else config.spacing_m
    most = 0
    for attempt in range(ATTEMPTS):
        entropy = (config.seed, int(held_out), assignment.number, attempt)
        world = make_world(config, np.random.default_rng([*entropy, 0]))
        rng = np.random.default_rng([*entropy, 1])
        places = choose_places(world, rng, quota, spacing_m, config.margin_m)
        if len(places) >= min(quota, assignment.count):
            spent = time.process_time() - start
            return Survey(config, assignment, world, places[: assignment.count], entropy, spent)
        most = max(most, len(places))
    raise DataError(
        f"a world of {config.world_side_m} m holds at most {most} places {spacing_m} m apart, "
        f"{assignment.count} are wanted: ask for fewer places per world or a larger world"
    )


def _take_pair(
    survey: Survey,
    lens: Lens,
    index: int,
    place_m: tuple[float, float],
    rng: np.random.Generator,
) -> Pair:
    config, hardness = survey.config, survey.config.hardness
    sun = draw_sun(rng)
    tile_sun = sun if hardness.shared_sun else draw_sun(rng)
    heading_deg = float(rng.uniform(-1.0, 1.0)) * hardness.heading_noise_deg
    east_m, south_m = (float(share) * hardness.tile_offset_m for share in rng.uniform(-1, 1, 2))
    centre_m = (place_m[0] + east_m, place_m[1] + south_m)
    ground = render_panorama(
        survey.world, place_m, float(np.radians(heading_deg)), lens, sun, draw_weather(rng)
    )
    tile = render_tile(survey.world, centre_m, config.tile_side_m, config.tile_size, tile_sun)
    held_out = survey.assignment.split == "val"
    corner = world_corner(survey.assignment.number, survey.world.side_m, held_out=held_out)
    return Pair(
        id=survey.assignment.first_id + index,
        ground=photograph(rng, ground, hardness),
        satellite=photograph(rng, tile, hardness),
        ground_degrees=to_degrees(corner, *place_m),
        satellite_degrees=to_degrees(corner, *centre_m),
        heading_deg=heading_deg % 360.0,
    )
