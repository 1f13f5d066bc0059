"""Trees in a panorama: pictures of trees that face the camera."""

import numpy as np
from numpy.typing import NDArray

from .backdrop import HAZE_RGB, haze
from .foliage import SPRITE_SIZE, VARIANTS, tree_sprites
from .fragments import bearings, expand
from .lens import Lens
from .sun import Sun
from .trees import Trees

Floats = NDArray[np.float32]

REACH_M = 110.0
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
    tree, turn = pixels.thing, pixels.turn
    across = np.tan(turn) * (distance / trees.radius_m)[tree]
    height = lens.eye_m + lens.slopes()[pixels.row] * distance[tree]
    share = height / trees.height_m[tree]
    column = ((across + 1.0) * np.float32(SPRITE_SIZE / 2)).astype(np.int32)
    row = ((1.0 - share) * np.float32(SPRITE_SIZE)).astype(np.int32)
    np.clip(column, 0, SPRITE_SIZE - 1, out=column)
    np.clip(row, 0, SPRITE_SIZE - 1, out=row)
    sprite = (trees.species * VARIANTS + np.arange(len(trees)) % VARIANTS)[tree]
    texel = tree_sprites()[sprite, row, column]
    shown = (texel[:, 1] > 0) & (distance[tree] < depth_m[pixels.row, pixels.column])
    tree, texel = tree[shown], texel[shown]
    sunward = np.sin(sun.azimuth - heading - bearing) * np.float32(0.2)
    light = texel[:, 0] / np.float32(128.0) * (1.0 + sunward[tree] * across[shown])
    own = np.where(texel[:, 1:] == 1, trees.rgb[tree], np.array(WOOD_RGB, np.float32))
    rgb = own * light[:, None]
    rgb += haze(distance)[tree][:, None] * (np.array(HAZE_RGB, np.float32) - rgb)
    canvas[pixels.row[shown], pixels.column[shown]] = rgb
    depth_m[pixels.row[shown], pixels.column[shown]] = distance[tree]
