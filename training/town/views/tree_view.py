"""Trees in a panorama: pictures of trees that face the camera."""

import numpy as np
from numpy.typing import NDArray

from ..world.foliage import SPRITE_SIZE, VARIANTS, tree_sprites
from ..world.fragments import bearings, expand
from ..world.trees import Trees
from .backdrop import HAZE_RGB, haze
from .lens import Lens
from .sun import Sun

Floats = NDArray[np.float32]

REACH_M = 95.0
"""Farthest tree that is painted, in metres."""

WOOD_RGB = (94.0, 76.0, 62.0)


def paint_trees(
    canvas: Floats,
    depth_m: Floats,
    trees: Trees,
    place_m: tuple[float, float],
    lens: Lens,
    heading: float,
    sun: Sun,
) -> None:
    """Paint trees into `canvas` [H, W, 3] float32 and `depth_m` [H, W] float32, in place."""
    bearing, distance = bearings(trees.foot_m, place_m, heading)
    near = np.flatnonzero((distance < REACH_M) & (distance > trees.radius_m * 0.8))
    near = near[np.argsort(-distance[near], kind="stable")]
    if len(near) == 0:
        return
    away = distance[near]
    radius = trees.radius_m[near]
    top = (trees.height_m[near] - lens.eye_m) / away
    pixels = expand(near, bearing[near], np.arctan(radius / away), top, -lens.eye_m / away, lens)
    tree = pixels.strip_thing
    across = np.tan(pixels.strip_turn) * (distance / trees.radius_m)[tree]
    column = np.clip((across + 1.0) * np.float32(SPRITE_SIZE / 2), 0, SPRITE_SIZE - 1)
    tree = pixels.line_thing
    height = lens.eye_m + lens.slopes()[pixels.line_row] * distance[tree]
    row = np.clip((1.0 - height / trees.height_m[tree]) * SPRITE_SIZE, 0, SPRITE_SIZE - 1)
    sprite = (trees.species[tree] * VARIANTS + tree % VARIANTS).astype(np.int32)
    start = (sprite * SPRITE_SIZE + row.astype(np.int32)) * SPRITE_SIZE
    texel = start.take(pixels.line) + column.astype(np.int32).take(pixels.strip)
    matter = _layer(1).take(texel)
    shown = np.flatnonzero(
        (matter > 0) & (distance.take(pixels.thing) < depth_m.reshape(-1).take(pixels.pixel))
    )
    tree, matter = pixels.thing.take(shown), matter.take(shown)
    sunward = np.sin(sun.azimuth - heading - bearing).astype(np.float32) * np.float32(0.2)
    strip_light = (1.0 + sunward[pixels.strip_thing] * across) / np.float32(128.0)
    light = _layer(0).take(texel.take(shown)) * strip_light.take(pixels.strip.take(shown))
    rgb = _paints(trees, matter, tree) * light[:, None]
    fade = haze(distance).take(tree)[:, None]
    rgb += fade * (np.array(HAZE_RGB, np.float32) - rgb)
    pixel = pixels.pixel.take(shown)
    canvas.reshape(-1, 3)[pixel] = rgb
    depth_m.reshape(-1)[pixel] = distance.take(tree)


def _paints(trees: Trees, matter: NDArray[np.uint8], tree: NDArray[np.int32]) -> Floats:
    wood = np.array([WOOD_RGB], np.float32)
    paints = np.concatenate([trees.rgb, wood])
    return paints.take(np.where(matter == 1, tree, np.int32(len(trees))), axis=0)


def _layer(number: int) -> NDArray[np.uint8]:
    """Light (0) or matter (1) of all sprites, flat."""
    return np.asarray(tree_sprites()[number].reshape(-1), np.uint8)
