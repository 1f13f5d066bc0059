"""Walls in a drone's picture: exact outlines of the buildings that rays were seen to enter."""

import numpy as np
from numpy.typing import NDArray

from ..world.buildings import Buildings
from .drone_camera import DroneCamera
from .drone_hits import Hits
from .facades import Surface, surface_paints, surfaces
from .march import enter_buildings
from .sun import Sun

Floats = NDArray[np.float32]

_CELL_SLACK_M = 0.4
"""How far behind its first cell a building's outline may begin: a cell's diagonal."""


def paint_walls(
    canvas: Floats,
    pixel: NDArray[np.int64],
    number: NDArray[np.int64],
    buildings: Buildings,
    camera: DroneCamera,
    hits: Hits,
    sun: Sun,
) -> None:
    """
    Paint walls, windows and doors.

    Args:
        canvas: [H, W, 3] float32, painted in place; what a ray sees of a roof is left as it is.
        pixel: [P] int64 pixels, row * W + column, that met a building below its top.
        number: [P] int64 building of each.
        buildings: the table.
        camera: where the rays come from.
        hits: what they met.
        sun: the light.

    """
    drift = camera.drift().reshape(2, -1)[:, pixel]
    run = np.maximum(np.hypot(*drift), np.float32(1e-4))
    east_m, south_m, eye_m = (float(value) for value in camera.eye_m)
    reached_m = (np.float32(eye_m) - hits.height_m.reshape(-1)[pixel]) * run
    ray = np.arange(len(pixel))
    entries = enter_buildings(
        buildings, number, ray, (east_m, south_m), -drift / run, reached_m + _CELL_SLACK_M
    )
    height_m = np.maximum(np.float32(eye_m) - entries.distance_m / run, np.float32(0.0))
    surface = surfaces(buildings, entries, ray.astype(np.int32), height_m)
    wall = np.flatnonzero(surface != Surface.ROOF)
    paints = surface_paints(buildings, entries, sun)
    canvas.reshape(-1, 3)[pixel[wall]] = paints[surface[wall], wall]
