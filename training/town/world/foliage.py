"""Leaves: crowns made of many lit balls, seen from above and from the side."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SPRITE_SIZE = 96
"""Side of a tree seen from the side, in texels."""

VARIANTS = 4
"""Different trees of one species."""

TRUNK_HALF_WIDTH = 0.045
"""Half width of the trunk, in sprite widths."""


def crown_from_above(
    rng: np.random.Generator, radius_cells: int, species: int
) -> tuple[Floats, Floats]:
    """
    One crown on a small raster.

    Returns:
        light [2r + 1, 2r + 1] float32 brightness about 1, and dome of the same shape: the crown's
        height as a share of the tree's, 0 outside.

    """
    light, dome = _crown_atlas(species)[int(rng.integers(VARIANTS))]
    size = (2 * radius_cells + 1, 2 * radius_cells + 1)
    turned = int(rng.integers(4))
    return (
        np.asarray(cv2.resize(np.rot90(light, turned), size, interpolation=cv2.INTER_AREA)),
        np.asarray(cv2.resize(np.rot90(dome, turned), size, interpolation=cv2.INTER_NEAREST)),
    )


@cache
def _crown_atlas(species: int) -> list[tuple[Floats, Floats]]:
    rng = np.random.default_rng([7, species])
    return [_crown(rng, conical=species == 2) for _ in range(VARIANTS)]


def _crown(rng: np.random.Generator, *, conical: bool) -> tuple[Floats, Floats]:
    size = 41
    grid = (np.arange(size, dtype=np.float32) - size // 2) / (size // 2)
    x, y = np.meshgrid(grid, grid)
    light = np.ones((size, size), np.float32)
    dome = np.zeros((size, size), np.float32)
    for ball in range(46):
        spread = 0.74 * np.sqrt(ball / 45)
        turn = rng.uniform(0.0, 2 * np.pi)
        radius = rng.uniform(0.2, 0.34)
        centre = spread * np.cos(turn), spread * np.sin(turn)
        fall = spread if conical else 0.45 * spread**2
        square = radius**2 - (x - centre[0]) ** 2 - (y - centre[1]) ** 2
        height = 0.8 - 0.55 * fall + 0.6 * np.sqrt(np.maximum(square, 0.0))
        front = (square > 0) & (height > dome)
        tone = rng.uniform(0.8, 1.15) * (0.72 + 1.1 * np.sqrt(np.maximum(square, 0.0)))
        light = np.where(front, tone, light)
        dome = np.where(front, height, dome)
    return light.astype(np.float32), np.minimum(dome, 1.0).astype(np.float32)


@cache
def tree_sprites() -> NDArray[np.uint8]:
    """
    Side views of trees.

    Returns:
        [2, 3 * VARIANTS, SPRITE_SIZE, SPRITE_SIZE] uint8: light (128 is the leaf's own colour)
        and matter (0 air, 1 leaves, 2 wood). Row 0 is the top; the trunk stands in the middle of
        the last row; the crown is as wide as the sprite.

    """
    rng = np.random.default_rng(11)
    sprites = [_side_view(rng, species) for species in range(3) for _ in range(VARIANTS)]
    return np.stack(sprites, axis=1)


def _side_view(rng: np.random.Generator, species: int) -> NDArray[np.uint8]:
    size = SPRITE_SIZE
    across = (np.arange(size, dtype=np.float32) + 0.5) / size * 2 - 1
    height = 1 - (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = np.meshgrid(across, height)
    light = np.full((size, size), 0.55, np.float32)
    matter = np.zeros((size, size), np.uint8)
    trunk = np.abs(x) < 2 * TRUNK_HALF_WIDTH * (1.25 - 0.6 * y)
    matter[trunk & (y < 0.75)] = 2
    light += np.where(trunk, 0.35 * x / TRUNK_HALF_WIDTH / 2 * -0.5, 0.0)
    depth = np.full((size, size), -1.0, np.float32)
    for centre, radius in _clumps(rng, species):
        stretch = 1.6 if species == 1 else 1.9
        square = radius**2 - (x - centre[0]) ** 2 - ((y - centre[1]) * stretch) ** 2
        bulge = np.sqrt(np.maximum(square, 0.0))
        front = (square > 0) & (bulge + centre[2] > depth)
        up = (y - centre[1]) * stretch / radius
        tone = 0.62 + 0.5 * centre[1] + 0.26 * up + rng.uniform(-0.12, 0.12)
        light = np.where(front, tone, light)
        matter = np.where(front, 1, matter)
        depth = np.where(front, bulge + centre[2], depth)
    leaf = rng.normal(0.0, 0.07, (size, size)) * (matter == 1)
    levels = np.clip((light + leaf) * 128, 20, 230)
    return np.stack([levels.astype(np.uint8), matter.astype(np.uint8)])


def _clumps(
    rng: np.random.Generator, species: int
) -> list[tuple[tuple[float, float, float], float]]:
    """Balls of leaves: (x across -1..1, y up 0..1, depth), radius."""
    clumps = []
    for _ in range(64):
        level = rng.uniform(0.0, 1.0)
        if species == 2:
            reach, y = 0.86 * (1.02 - level), 0.14 + 0.82 * level
            radius = 0.07 + 0.13 * (1 - level)
        else:
            bottom = 0.24 if species == 1 else 0.36
            reach = 0.8 * np.sqrt(max(0.0, 1 - (2 * level - 0.95) ** 2))
            y = bottom + (0.88 - bottom) * level
            radius = rng.uniform(0.13, 0.26)
        x = reach * np.sin(rng.uniform(-np.pi / 2, np.pi / 2))
        clumps.append(((float(x), float(y), float(rng.uniform(-0.3, 0.3))), float(radius)))
    return clumps
