"""The drone's picture: the world seen obliquely from the air."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ..world.world import World
from .drone_camera import DroneCamera
from .drone_hits import Hits, first_hits
from .drone_walls import paint_walls
from .relief import UNITS_PER_M, Relief
from .sun import SHADOW_DEPTH, Sun, shadows, slope_light
from .window import window_around

Floats = NDArray[np.float32]

WALL_DEPTH_M = 0.15
"""A ray that meets a building so far below its top, in metres, may have met a wall."""

_TUFT_M = 0.4
"""Size of the tufts that roughen the sides of crowns, in metres."""


def render_drone_view(
    world: World, relief: Relief, camera: DroneCamera, sun: Sun, supersampling: int
) -> NDArray[np.float32]:
    """
    Render a picture.

    Args:
        world: what to look at.
        relief: the world's rasters, from `prepare_relief`.
        camera: where the drone is and looks; every row must look down.
        sun: the light.
        supersampling: rays per pixel along each axis.

    Returns:
        [size, size, 3] float32 RGB, 0..255.

    """
    fine = replace(camera, size=camera.size * supersampling)
    hits = first_hits(relief, fine)
    span = cv2.remap(relief.span, hits.column, hits.row, cv2.INTER_NEAREST)
    beneath = span[..., 1] > np.rint(hits.height_m * UNITS_PER_M)
    light = _light(world, relief, fine, hits, sun)
    light[beneath] = 1.0 - SHADOW_DEPTH
    canvas = _colours(relief, hits, beneath) * light[..., None]
    _shade_crowns(canvas, hits, span)
    number = cv2.remap(relief.number, hits.column, hits.row, cv2.INTER_NEAREST)
    depth = span[..., 0] - np.rint(hits.height_m * UNITS_PER_M)
    pixel = np.flatnonzero((number > 0) & (depth > WALL_DEPTH_M * UNITS_PER_M))
    of_pixel = np.asarray(number.reshape(-1)[pixel], np.int64)
    paint_walls(canvas, pixel, of_pixel, world.buildings, fine, hits, sun)
    size = (camera.size, camera.size)
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.float32)


def _colours(relief: Relief, hits: Hits, beneath: NDArray[np.bool_]) -> Floats:
    """[H, W, 3] colours from above; of the bare ground where a ray passed beneath a crown."""
    above, ground = (
        cv2.remap(rgb, hits.column, hits.row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        for rgb in (relief.above_rgb, relief.ground_rgb)
    )
    return np.where(beneath[..., None], ground, above).astype(np.float32)


def _light(world: World, relief: Relief, camera: DroneCamera, hits: Hits, sun: Sun) -> Floats:
    """[H, W] float32 brightness, as a tile would show it, as far around as the camera is away."""
    coarse_m = 2 * world.cell_m
    cells = round(min(2 * camera.distance_m, world.side_m) / coarse_m)
    centre_m = camera.target_m[:2]
    surface_m = np.asarray(window_around(world.surface_m, centre_m, coarse_m, cells), np.float32)
    light = slope_light(surface_m, coarse_m, sun)
    light *= 1.0 - np.float32(SHADOW_DEPTH) * shadows(surface_m, coarse_m, sun)
    corner = [relief.cells(np.float32(value)) for value in centre_m]
    half = np.float32((cells - 1) / 2)
    column = (hits.column - corner[0]) * np.float32(0.5) + half
    row = (hits.row - corner[1]) * np.float32(0.5) + half
    return np.asarray(
        cv2.remap(light, column, row, cv2.INTER_LINEAR, borderValue=(1.0,)), np.float32
    )


def _shade_crowns(canvas: Floats, hits: Hits, span: MatLike) -> None:
    """Darken crowns towards their undersides and break their sides into tufts, in place."""
    tops, undersides = span.reshape(-1, 2).T
    height = hits.height_m.reshape(-1) * np.float32(UNITS_PER_M)
    pixel = np.flatnonzero((undersides > 0) & (height >= undersides))
    under = undersides[pixel].astype(np.float32)
    share = (height[pixel] - under) / np.maximum(tops[pixel] - under, np.float32(1.0))
    level = (hits.height_m.reshape(-1)[pixel] / np.float32(_TUFT_M)).astype(np.int64)
    column = hits.column.reshape(-1)[pixel].astype(np.int64) // 2
    row = hits.row.reshape(-1)[pixel].astype(np.int64) // 2
    tufts = _tufts()
    tuft = tufts[(column + 13 * level) % len(tufts), (row + 29 * level) % len(tufts)]
    canvas.reshape(-1, 3)[pixel] *= ((np.float32(0.5) + np.float32(0.5) * share) * tuft)[:, None]


@cache
def _tufts() -> Floats:
    """[64, 64] float32 brightness of tufts of leaves, around 1."""
    rng = np.random.default_rng(17)
    return rng.uniform(0.8, 1.2, (64, 64)).astype(np.float32)
