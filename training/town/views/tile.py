"""The satellite tile: the world straight from above, north up."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..world.world import World
from .sun import SHADOW_DEPTH, Sun, shadows, slope_light
from .window import window_around

SHADOW_MARGIN_M = 14.0
"""Ground around a tile whose things still cast shadows into it, in metres."""


def render_tile(
    world: World, centre_m: tuple[float, float], side_m: float, size: int, sun: Sun
) -> NDArray[np.float32]:
    """
    Render a tile.

    Args:
        world: what to look at.
        centre_m: the tile's centre, metres east and south of the world's north-west corner.
        side_m: side of the tile on the ground, in metres.
        size: side of the picture, in pixels.
        sun: the light.

    Returns:
        [size, size, 3] float32 RGB, 0..255, row 0 in the north, column 0 in the west.

    """
    cells = round(side_m / world.cell_m)
    rgb = window_around(world.aerial_rgb, centre_m, world.cell_m, cells)
    rgb = cv2.resize(rgb, (size, size), interpolation=cv2.INTER_AREA)
    coarse_m = 2 * world.cell_m
    inner = round(side_m / coarse_m)
    margin = round(SHADOW_MARGIN_M / coarse_m)
    window = window_around(world.surface_m, centre_m, coarse_m, inner + 2 * margin)
    surface_m = np.asarray(window, np.float32)
    light = slope_light(surface_m, coarse_m, sun)
    light *= 1.0 - np.float32(SHADOW_DEPTH) * shadows(surface_m, coarse_m, sun)
    light = np.ascontiguousarray(light[margin : margin + inner, margin : margin + inner])
    share = np.asarray(cv2.resize(light, (size, size), interpolation=cv2.INTER_LINEAR))
    return np.asarray(rgb * share[..., None], np.float32)
