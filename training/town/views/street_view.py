"""A street view: what somebody on the pavement sees of a building."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..config import TownConfig
from ..survey import Spot
from ..world.world import World
from .backdrop import Weather
from .lens import Lens
from .panorama import render_panorama
from .sun import Sun

NEAREST_M = 12.0
"""Least distance from a building's middle, in metres."""

FARTHEST_M = 40.0
"""Largest distance from a building's middle, in metres."""

_FIELD_OF_VIEW = np.radians(64.0)
_VERTICAL_VIEW = np.radians(76.0)
"""Of the panorama that a view is cut from: its corners lie within."""


def standpoints(world: World, rng: np.random.Generator, building_m: Spot, count: int) -> list[Spot]:
    """Choose up to `count` walkable places, NEAREST_M to FARTHEST_M from a building's middle."""
    low = [max(0, int((middle - FARTHEST_M) / world.cell_m)) for middle in building_m]
    high = [int((middle + FARTHEST_M) / world.cell_m) for middle in building_m]
    rows, columns = np.nonzero(world.walkable[low[1] : high[1], low[0] : high[0]])
    spots_m = (np.stack([columns + low[0], rows + low[1]], axis=1) + 0.5) * world.cell_m
    away_m = np.hypot(*(spots_m - building_m).T)
    fit = spots_m[(away_m >= NEAREST_M) & (away_m <= FARTHEST_M)]
    chosen = rng.choice(fit, min(count, len(fit)), replace=False) if len(fit) else fit
    return [(float(east_m), float(south_m)) for east_m, south_m in chosen]


def render_street_view(
    world: World,
    config: TownConfig,
    place_m: Spot,
    building_m: Spot,
    sun: Sun,
    weather: Weather,
) -> NDArray[np.float32]:
    """
    Look from a place towards a building.

    Returns:
        [size, size, 3] float32 RGB, 0..255, size = the tile's; a plane perspective, cut out of a
        panorama.

    """
    size = config.tile_size
    columns = round(size * 2 * np.pi / _FIELD_OF_VIEW)
    lens = Lens(
        rows=config.supersampling * round(columns * _VERTICAL_VIEW / (2 * np.pi)),
        columns=config.supersampling * columns,
        vertical_view=float(_VERTICAL_VIEW),
        eye_m=config.eye_height_m,
        supersampling=config.supersampling,
    )
    heading = np.arctan2(building_m[0] - place_m[0], place_m[1] - building_m[1])
    panorama = render_panorama(world, place_m, float(heading), lens, sun, weather)
    middle = (np.arange(size) + 0.5) / size * 2 - 1
    across = (middle * np.tan(_FIELD_OF_VIEW / 2))[None].repeat(size, axis=0)
    turn, fall = np.arctan(across), np.arctan(across.T / np.hypot(1.0, across))
    rows = len(panorama)
    column = ((turn / (2 * np.pi) + 0.5) * columns - 0.5).astype(np.float32)
    row = ((fall / _VERTICAL_VIEW + 0.5) * rows - 0.5).astype(np.float32)
    return np.asarray(cv2.remap(panorama, column, row, cv2.INTER_LINEAR), np.float32)
