"""A drone's flight: it circles a building and comes down, as University-1652's do."""

import numpy as np

from ..config import TownConfig
from .drone_camera import DroneCamera

ROUNDS = 3
"""Times it flies around the building, as in the benchmark (arXiv 2002.12186, section 3)."""

HEIGHTS_M = (256.0, 121.0)
"""Height of the first and the last image in the benchmark, in metres."""

_BENCHMARK_SIDE_M = 164.0
"""Side of a tile at which the benchmark's own heights would be flown. Scaled to the town's tiles
of 64 m, from 100 m down to 47 m, a picture half-way down shows about what a tile shows."""

_STEEPEST = np.radians(60.0)
"""Depression of the first image: the radius that follows is kept, the last looks down 39 deg."""

_FIELD_OF_VIEW = np.radians(34.0)

_SPREAD = 0.05
"""Largest stray of height and radius from the spiral, as a share."""


def spiral(
    config: TownConfig, rng: np.random.Generator, building_m: tuple[float, float, float]
) -> list[DroneCamera]:
    """
    Plan the images of one building, from the highest to the lowest.

    Args:
        config: gives their number and size, the side of a tile, and how far the aim strays.
        rng: source of chance: where the circles begin, and each image's stray.
        building_m: the building's middle: metres east, south and up.

    """
    begin = rng.uniform(0.0, 2 * np.pi)
    shares = np.linspace(0.0, 1.0, config.drone_images) if config.drone_images > 1 else [0.5]
    return [_camera(config, rng, building_m, begin, float(share)) for share in shares]


def _camera(
    config: TownConfig,
    rng: np.random.Generator,
    building_m: tuple[float, float, float],
    begin: float,
    share: float,
) -> DroneCamera:
    hardness = config.hardness
    scale = config.tile_side_m / _BENCHMARK_SIDE_M
    first_m, last_m = (height_m * scale for height_m in HEIGHTS_M)
    height_m = (first_m + share * (last_m - first_m)) * (1 + rng.uniform(-_SPREAD, _SPREAD))
    radius_m = first_m / np.tan(_STEEPEST) * (1 + rng.uniform(-_SPREAD, _SPREAD))
    turned = np.radians(hardness.heading_noise_deg) * rng.uniform(-1.0, 1.0)
    east_m, south_m = hardness.tile_offset_m * rng.uniform(-1.0, 1.0, 2)
    rise_m = max(float(height_m) - building_m[2], 1.0)
    return DroneCamera(
        target_m=(building_m[0] + float(east_m), building_m[1] + float(south_m), building_m[2]),
        distance_m=float(np.hypot(rise_m, radius_m)),
        heading=float((begin + 2 * np.pi * ROUNDS * share + turned) % (2 * np.pi)),
        depression=float(np.arctan2(rise_m, radius_m)),
        field_of_view=float(_FIELD_OF_VIEW),
        size=config.tile_size,
    )
