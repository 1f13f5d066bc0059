"""A world prepared for views from the air: what fills the space over each cell, and colours."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..world.trees import Species, Trees
from ..world.world import World

MARGIN_M = 48.0
"""Bare land around a world, its ground mirrored, for rays that leave it, in metres."""

UNITS_PER_M = 100
"""Heights are stored as whole centimetres."""

_CROWN_BOTTOM = {Species.ROUND: 0.22, Species.TALL: 0.12, Species.CONIFER: 0.08}
"""Height of a crown's lowest leaves as a share of the tree's."""

_BELLY = 0.4
"""How steeply a crown's underside rises towards its rim."""


@dataclass(frozen=True, slots=True)
class Relief:
    """Rasters of R cells a side, `MARGIN_M` wider than the world on each side."""

    cell_m: float
    """Side of a cell, in metres."""

    edge_m: float
    """How far the rasters reach beyond the world, in metres."""

    span: NDArray[np.int16]
    """[R, R, 2] int16 top and underside of what stands there, in 1 / UNITS_PER_M metres."""

    highest_m: float
    """Height of the highest thing, in metres."""

    number: NDArray[np.uint16]
    """[R, R] uint16 building number, 0 for none."""

    above_rgb: NDArray[np.uint8]
    """[R, R, 3] uint8 colour seen from above."""

    ground_rgb: NDArray[np.uint8]
    """[R, R, 3] uint8 colour of the bare ground, for what shows beneath crowns."""

    def cells(self, metres: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
        """Fractional rows or columns, cell centres on whole numbers, of metres in the world."""
        scale = np.float32(1.0 / self.cell_m)
        return np.asarray(metres * scale + np.float32(self.edge_m / self.cell_m - 0.5), np.float32)


def prepare_relief(world: World) -> Relief:
    """Lay out a world's rasters for rays from the air; once a world, they serve every picture."""
    edge = round(MARGIN_M / world.cell_m)
    aerial = cv2.copyMakeBorder(world.ground_rgb[0], edge, edge, edge, edge, cv2.BORDER_REFLECT)
    ground = aerial.copy()
    inner = slice(edge, edge + len(world.solid_m))
    aerial[inner, inner] = world.aerial_rgb
    top_m, under_m = _spans_m(world)
    span = np.zeros((*aerial.shape[:2], 2), np.int16)
    span[inner, inner, 0] = np.rint(top_m * UNITS_PER_M)
    span[inner, inner, 1] = np.rint(under_m * UNITS_PER_M)
    number = np.zeros(aerial.shape[:2], np.uint16)
    number[inner, inner] = _numbers(world)
    return Relief(
        cell_m=world.cell_m,
        edge_m=edge * world.cell_m,
        span=span,
        highest_m=float(top_m.max()),
        number=number,
        above_rgb=np.asarray(aerial, np.uint8),
        ground_rgb=np.asarray(ground, np.uint8),
    )


def _spans_m(world: World) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """[S, S] float32 top and underside, in metres: walls to the cell, crowns off the ground."""
    size = (len(world.solid_m),) * 2
    near = cv2.dilate((world.solid_m > 0).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    surface_m = cv2.resize(world.surface_m, size, interpolation=cv2.INTER_LINEAR)
    top_m = np.where(near, world.solid_m, surface_m).astype(np.float32)
    tree = _trees_over(world.trees, world.cell_m, size[0])
    height_m, bottom = tree[..., 0], tree[..., 1]
    rim = 1.0 - top_m / np.maximum(height_m, np.float32(1.0))
    under_m = height_m * (bottom + np.float32(_BELLY) * np.clip(rim, 0.0, 1.0))
    crown = ~near & (height_m > 0)
    top_m[crown & (under_m >= top_m)] = 0.0
    return top_m, np.where(crown & (top_m > 0), under_m, 0.0).astype(np.float32)


def _trees_over(trees: Trees, cell_m: float, cells: int) -> NDArray[np.float32]:
    """[S, S, 2] float32 height of the tree over each cell and the share its crown starts at."""
    raster = np.zeros((cells, cells, 2), np.float32)
    bottoms = np.array([_CROWN_BOTTOM[species] for species in Species])[trees.species]
    for index in np.argsort(trees.height_m):
        foot = (trees.foot_m[index] / cell_m).astype(int)
        radius = round(float(trees.radius_m[index]) / cell_m) + 1
        paint = (float(trees.height_m[index]), float(bottoms[index]))
        cv2.circle(raster, (int(foot[0]), int(foot[1])), radius, paint, cv2.FILLED)
    return raster


def _numbers(world: World) -> NDArray[np.uint16]:
    """[S, S] uint16 building of every cell that one stands on."""
    size = (len(world.solid_m),) * 2
    coarse = cv2.resize(world.building, size, interpolation=cv2.INTER_NEAREST)
    nearby = cv2.dilate(coarse, np.ones((3, 3), np.uint8))
    number = np.where(coarse > 0, coarse, nearby)
    return np.where(world.solid_m > 0, number, 0).astype(np.uint16)
