"""Trees: where they stand, how large they are, and their crowns as seen from above."""

from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from ..config import Hardness
from . import colours
from .foliage import crown_from_above
from .ground import Ground
from .land import Use
from .streets import Road, tangents

Floats = NDArray[np.float32]


class Species(IntEnum):
    """Outline of a tree."""

    ROUND = 0
    TALL = 1
    CONIFER = 2


@dataclass(frozen=True, slots=True)
class Trees:
    """T trees as arrays."""

    foot_m: Floats
    """[T, 2] float32 where the trunk stands, in metres (x east, y south)."""

    radius_m: Floats
    """[T] float32 radius of the crown, in metres."""

    height_m: Floats
    """[T] float32 height of the top, in metres."""

    species: NDArray[np.int64]
    """[T] int64 `Species` numbers."""

    rgb: Floats
    """[T, 3] float32 colour of the leaves, 0..255."""

    def __len__(self) -> int:
        return len(self.radius_m)


_PER_HECTARE = {
    Use.HOUSES: 22.0,
    Use.DENSE: 10.0,
    Use.PARK: 36.0,
    Use.FIELD: 2.0,
    Use.WORKS: 5.0,
    Use.LOT: 3.0,
    Use.MEADOW: 12.0,
}
"""Trees planted on a hectare of each use, before those in the way are left out."""


def plant_trees(
    rng: np.random.Generator,
    roads: list[Road],
    ground: Ground,
    obstacles: NDArray[np.uint8],
    cell_m: float,
    hardness: Hardness,
) -> Trees:
    """
    Plant trees on blocks and along pavements.

    Args:
        rng: source of chance.
        roads: the street plan; wide pavements get rows of trees.
        ground: gives the land use.
        obstacles: [S, S] uint8, 1 on buildings, water, courts and paths.
        cell_m: side of a cell, in metres.
        hardness: mutes and varies the leaves' colours.

    Returns:
        The trees, none closer than 1.2 m to an obstacle.

    """
    feet = np.concatenate([_scattered(rng, ground, cell_m), _in_rows(rng, roads, ground, cell_m)])
    clear_m = np.asarray(cv2.distanceTransform(1 - obstacles, cv2.DIST_L2, 3), np.float32) * cell_m
    cells = (feet / cell_m).astype(int)
    room_m = clear_m[cells[:, 1], cells[:, 0]]
    feet, room_m = feet[room_m > 1.2], room_m[room_m > 1.2]
    count = len(feet)
    species = rng.choice(3, size=count, p=[0.62, 0.2, 0.18])
    radius = np.select(
        [species == Species.ROUND, species == Species.TALL],
        [rng.uniform(1.8, 4.4, count), rng.uniform(1.2, 2.2, count)],
        rng.uniform(1.4, 2.6, count),
    )
    radius = np.minimum(radius, room_m + 0.3)
    slender = np.select(
        [species == Species.ROUND, species == Species.TALL],
        [rng.uniform(1.7, 2.4, count), rng.uniform(3.8, 5.0, count)],
        rng.uniform(3.2, 4.2, count),
    )
    leaves = colours.paint(rng, colours.CROWN, count, hardness)
    needles = colours.paint(rng, colours.CONIFER, count, hardness)
    return Trees(
        foot_m=feet,
        radius_m=radius.astype(np.float32),
        height_m=np.clip(radius * slender + 1.2, 3.2, 14.0).astype(np.float32),
        species=species.astype(np.int64),
        rgb=np.where((species == Species.CONIFER)[:, None], needles, leaves),
    )


def _scattered(rng: np.random.Generator, ground: Ground, cell_m: float) -> Floats:
    side_m = len(ground.block) * cell_m
    densest = max(_PER_HECTARE.values())
    points = rng.uniform(0.0, side_m, (round(densest * side_m**2 / 1e4), 2)).astype(np.float32)
    cells = np.minimum((points / cell_m).astype(int), len(ground.block) - 1)
    uses = ground.uses[ground.block[cells[:, 1], cells[:, 0]]]
    wanted = np.array([_PER_HECTARE.get(Use(use), 0.0) for use in range(len(Use))])
    return np.asarray(points[rng.random(len(points)) * densest < wanted[uses]], np.float32)


def _in_rows(rng: np.random.Generator, roads: list[Road], ground: Ground, cell_m: float) -> Floats:
    feet = [np.empty((0, 2), np.float32)]
    for road in roads:
        if road.pavement_m < 2.0 or rng.random() < 0.45:
            continue
        along = tangents(road.points_m)
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
        step = int(rng.integers(4, 8))
        for side in (-1.0, 1.0):
            if rng.random() < 0.25:
                continue
            offset = np.float32(side * (road.width_m / 2 + road.pavement_m - 0.9))
            feet.append((road.points_m + normal * offset)[int(rng.integers(step)) :: step])
    points = np.concatenate(feet)
    side_m = len(ground.block) * cell_m
    points = points[((points > 1.0) & (points < side_m - 1.0)).all(axis=1)]
    cells = (points / cell_m).astype(int)
    return np.asarray(points[ground.carriageway[cells[:, 1], cells[:, 0]] == 0], np.float32)


def stamp_crowns(
    rng: np.random.Generator,
    trees: Trees,
    aerial: NDArray[np.uint8],
    surface_m: Floats,
    cell_m: float,
) -> None:
    """Draw every crown into `aerial` [S, S, 3] uint8 and `surface_m` [S, S] float32, in place."""
    for index in np.argsort(trees.height_m):
        radius = max(2, round(float(trees.radius_m[index]) / cell_m))
        column, row = (int(value) for value in trees.foot_m[index] / cell_m)
        low = (max(row - radius, 0), max(column - radius, 0))
        window = np.s_[low[0] : row + radius + 1, low[1] : column + radius + 1]
        light, dome = crown_from_above(rng, radius, int(trees.species[index]))
        shape = surface_m[window].shape
        cut = np.s_[low[0] - row + radius :, low[1] - column + radius :]
        light, dome = (layer[cut][: shape[0], : shape[1]] for layer in (light, dome))
        leafy = dome > 0
        rgb = np.clip(trees.rgb[index] * light[..., None], 0, 255).astype(np.uint8)
        aerial[window][leafy] = rgb[leafy]
        surface_m[window][leafy] = (dome * trees.height_m[index])[leafy]
