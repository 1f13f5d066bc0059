"""The panorama: the world all around from a person's height."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..world.world import World
from .backdrop import Weather, paint_ground, paint_sky
from .car_view import paint_cars
from .facades import paint_buildings
from .lens import Lens
from .march import cast
from .sun import Sun
from .tree_view import paint_trees


def render_panorama(
    world: World,
    place_m: tuple[float, float],
    heading: float,
    lens: Lens,
    sun: Sun,
    weather: Weather,
) -> NDArray[np.float32]:
    """
    Render a panorama.

    Args:
        world: what to look at.
        place_m: the camera, metres east and south of the world's north-west corner.
        heading: direction of the centre column, in radians clockwise from north. Columns turn
            clockwise: at heading 0 a quarter of the way is west, three quarters is east.
        lens: the camera's geometry.
        sun: the light.
        weather: the sky.

    Returns:
        [H, W, 3] float32 RGB, 0..255, of the lens's rows and columns over its supersampling.

    """
    canvas = np.empty((lens.rows, lens.columns, 3), np.float32)
    depth_m = np.full((lens.rows, lens.columns), np.inf, np.float32)
    paint_sky(canvas, lens, heading, sun, weather)
    paint_ground(canvas, world, place_m, lens, heading, sun)
    entries, sight = cast(world, place_m, lens, heading)
    paint_buildings(canvas, depth_m, world.buildings, entries, sight, sun)
    paint_cars(canvas, depth_m, world.cars, place_m, lens, heading)
    paint_trees(canvas, depth_m, world.trees, place_m, lens, heading, sun)
    size = (lens.columns // lens.supersampling, lens.rows // lens.supersampling)
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.float32)
