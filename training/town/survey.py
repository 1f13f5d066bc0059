"""Taking the pictures of one world's places. Nothing here knows how they are stored."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import DataError
from .assignment import Assignment
from .config import TownConfig
from .geography import Degrees, to_degrees
from .places import choose_buildings, choose_places, with_twins
from .views.backdrop import draw_weather
from .views.lens import lens_of
from .views.panorama import render_panorama
from .views.photograph import photograph
from .views.sun import Sun, draw_sun
from .views.tile import render_tile
from .world.world import World, make_world

Spot = tuple[float, float]
"""Metres east and south of a world's north-west corner."""

ATTEMPTS = 8
"""Worlds tried before a town is declared too crowded."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two views of one place."""

    id: int
    """Number of the place in the town, from 1."""

    ground: NDArray[np.uint8]
    """[H, W, 3] uint8 RGB panorama."""

    satellite: NDArray[np.uint8]
    """[T, T, 3] uint8 RGB tile, north up."""

    ground_degrees: Degrees
    """Latitude and longitude of the panorama."""

    satellite_degrees: Degrees
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
    """[N, 2] metres east and south of the world's north-west corner, in the order of their ids."""

    entropy: tuple[int, ...]
    """What the world was made from: the town's seed, the assignment's seeds, the attempt."""

    world_cpu_s: float

    def chance(self, *keys: int) -> np.random.Generator:
        """Randomness of this world's own; 0 and 1 made it, 2 and an index take its pairs."""
        return np.random.default_rng([*self.entropy, *keys])

    def places(self) -> list[Spot]:
        """The places, metres east and south of the world's north-west corner."""
        return [(float(east_m), float(south_m)) for east_m, south_m in self.places_m]

    def degrees(self, spot_m: Spot) -> Degrees:
        """Where on the Earth a spot of the world lies."""
        return to_degrees(self.assignment.corner, *spot_m)

    def heading_deg(self, rng: np.random.Generator) -> float:
        """Draw the direction of a centre column: north, and as far off as the town is hard."""
        return float(rng.uniform(-1.0, 1.0)) * self.config.hardness.heading_noise_deg

    def panorama(
        self, place_m: Spot, heading_deg: float, sun: Sun, rng: np.random.Generator
    ) -> NDArray[np.uint8]:
        """Photograph what is around a place: [H, W, 3] uint8 RGB."""
        heading, lens = float(np.radians(heading_deg)), lens_of(self.config)
        weather = draw_weather(rng)
        rendering = render_panorama(self.world, place_m, heading, lens, sun, weather)
        return photograph(rng, rendering, self.config.hardness)

    def tile(self, centre_m: Spot, sun: Sun, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Photograph a square of ground, north up: [T, T, 3] uint8 RGB."""
        side_m, size = self.config.tile_side_m, self.config.tile_size
        rendering = render_tile(self.world, centre_m, side_m, size, sun)
        return photograph(rng, rendering, self.config.hardness)

    def pairs(self) -> Iterator[Pair]:
        """Photograph each place from the ground and from above, in the order of their ids."""
        for index, place_m in enumerate(self.places()):
            yield self._pair(index, place_m)

    def _pair(self, index: int, place_m: Spot) -> Pair:
        hardness, rng = self.config.hardness, self.chance(2, index)
        sun = draw_sun(rng)
        tile_sun = sun if hardness.shared_sun else draw_sun(rng)
        heading_deg = self.heading_deg(rng)
        east_m, south_m = (float(share) * hardness.tile_offset_m for share in rng.uniform(-1, 1, 2))
        centre_m = (place_m[0] + east_m, place_m[1] + south_m)
        return Pair(
            id=self.assignment.first_id + index,
            ground=self.panorama(place_m, heading_deg, sun, rng),
            satellite=self.tile(centre_m, tile_sun, rng),
            ground_degrees=self.degrees(place_m),
            satellite_degrees=self.degrees(centre_m),
            heading_deg=heading_deg % 360.0,
        )


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
    most = 0
    for attempt in range(ATTEMPTS):
        entropy = (config.seed, *assignment.seeds, attempt)
        world = make_world(config, np.random.default_rng([*entropy, 0]))
        rng = np.random.default_rng([*entropy, 1])
        choose = choose_buildings if assignment.subject == "building" else choose_places
        places_m = choose(world, rng, assignment.quota, assignment.spacing_m, config.margin_m)
        if len(places_m) >= min(assignment.quota, assignment.count):
            places_m = places_m[: assignment.count]
            if assignment.twin_m is not None:
                places_m = with_twins(world, rng, places_m, assignment.twin_m, config.margin_m)
            spent = time.process_time() - start
            return Survey(config, assignment, world, places_m, entropy, spent)
        most = max(most, len(places_m))
    raise DataError(
        f"a world of {config.world_side_m} m holds at most {most} places {assignment.spacing_m} m "
        f"apart, {assignment.count} are wanted: ask for fewer places per world or a larger world"
    )
