"""Choosing and placing buildings along the roads."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..config import Hardness
from . import colours
from .buildings import Buildings, Roof, no_buildings
from .canvas import rectangle
from .ground import Ground
from .land import Use
from .streets import Road, tangents

Floats = NDArray[np.float32]

_PLOT_CELL_M = 0.5

ROOF_IN_WALL = 0.3
"""How far a wall's colour leans towards its roof's, which a tile shows in its stead."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one land use builds: ranges are (least, most), in metres unless said otherwise."""

    frontage_m: tuple[float, float]
    depth_m: tuple[float, float]
    setback_m: tuple[float, float]
    gap_m: tuple[float, float]
    storeys: tuple[int, int]
    pitched: float
    """Share of roofs that are gabled or hipped, 0..1."""
    bay_m: float
    """Distance between windows."""
    chance: float
    """Share of plots that are built on, 0..1."""


KINDS = {
    Use.HOUSES: Kind((8.0, 13.0), (7.0, 9.5), (3.0, 8.0), (3.0, 8.0), (1, 2), 0.92, 2.6, 0.88),
    Use.DENSE: Kind((11.0, 24.0), (9.0, 13.0), (0.6, 2.5), (0.0, 5.0), (2, 5), 0.45, 2.4, 0.92),
    Use.WORKS: Kind((20.0, 38.0), (14.0, 24.0), (3.0, 8.0), (6.0, 14.0), (2, 3), 0.25, 4.8, 0.9),
    Use.PARK: Kind((6.0, 9.0), (5.0, 7.0), (6.0, 12.0), (30.0, 70.0), (1, 1), 1.0, 2.6, 0.2),
    Use.FIELD: Kind((12.0, 20.0), (9.0, 12.0), (8.0, 14.0), (30.0, 80.0), (1, 2), 1.0, 3.6, 0.25),
    Use.LOT: Kind((18.0, 30.0), (12.0, 18.0), (6.0, 10.0), (25.0, 50.0), (1, 2), 0.1, 3.6, 0.5),
}


class Plots:
    """Which ground is free to build on, on a raster of half-metre cells."""

    def __init__(self, taken: NDArray[np.uint8]) -> None:
        self.taken = taken

    def claim(self, centre_m: Floats, axis: Floats, half_m: Floats, moat_m: float = 0.5) -> bool:
        """Claim a turned rectangle if it and a moat around it are free and inside the world."""
        corners = rectangle(centre_m, axis, half_m + np.float32(moat_m)) / _PLOT_CELL_M
        low = np.floor(corners.min(axis=0)).astype(int)
        high = np.ceil(corners.max(axis=0)).astype(int) + 1
        if low.min() < 0 or high[0] > self.taken.shape[1] or high[1] > self.taken.shape[0]:
            return False
        window = self.taken[low[1] : high[1], low[0] : high[0]]
        footprint = np.zeros(window.shape, np.uint8)
        cv2.fillConvexPoly(footprint, np.round(corners - low).astype(np.int32), (1,))
        if np.any(window & footprint):
            return False
        window |= footprint
        return True


def free_plots(ground: Ground, taken: NDArray[np.uint8], cell_m: float) -> Plots:
    """Everything but streets, water, courts and paths."""
    blocked = ((ground.block == 0) | (taken > 0)).astype(np.uint8)
    size = round(len(blocked) * cell_m / _PLOT_CELL_M)
    coarse = cv2.resize(blocked, (size, size), interpolation=cv2.INTER_NEAREST)
    return Plots(np.asarray(coarse, np.uint8))


def build_along(
    rng: np.random.Generator,
    roads: list[Road],
    ground: Ground,
    plots: Plots,
    cell_m: float,
    hardness: Hardness,
) -> Buildings:
    """
    Walk along both sides of every road and build what the block beside it is for.

    Returns:
        The buildings, entry 0 standing for none. `plots` has their ground claimed.

    """
    rows: list[tuple[Floats, Floats, Floats, int]] = []
    for road in roads:
        along = tangents(road.points_m)
        for side in (-1.0, 1.0):
            rows.extend(_walk(rng, road, along, side, ground, plots, cell_m))
    if not rows:
        return no_buildings()
    centre, axis, half = (np.stack([row[part] for row in rows]) for part in (0, 1, 2))
    uses = np.array([row[3] for row in rows])
    return no_buildings().append(_finish(rng, centre, axis, half, uses, hardness))


def _walk(
    rng: np.random.Generator,
    road: Road,
    along: Floats,
    side: float,
    ground: Ground,
    plots: Plots,
    cell_m: float,
) -> list[tuple[Floats, Floats, Floats, int]]:
    rows = []
    point = int(rng.integers(2, 6))
    kerb_m = road.width_m / 2 + road.pavement_m
    while point < len(along):
        axis = along[point]
        outward = np.array([-axis[1], axis[0]], np.float32) * np.float32(side)
        use = _use_at(ground, road.points_m[point] + outward * np.float32(kerb_m + 6.0), cell_m)
        kind = KINDS.get(use)
        if kind is None:
            point += 5
            continue
        size_m = [rng.uniform(*kind.frontage_m), rng.uniform(*kind.depth_m)]
        half = np.asarray(size_m, np.float32) * np.float32(0.5)
        offset = kerb_m + rng.uniform(*kind.setback_m) + half[1]
        centre = road.points_m[point] + outward * np.float32(offset)
        built = rng.random() < kind.chance and plots.claim(centre, axis, half)
        if built:
            rows.append((centre, axis, half, int(use)))
        step_m = 2 * half[0] + rng.uniform(*kind.gap_m) if built else 4.0
        point += max(1, round(step_m / 2.0))
    return rows


def _use_at(ground: Ground, point_m: Floats, cell_m: float) -> Use:
    column, row = (int(value) for value in point_m / cell_m)
    if not (0 <= row < len(ground.block) and 0 <= column < len(ground.block)):
        return Use.NONE
    return Use(int(ground.uses[ground.block[row, column]]))


def _finish(
    rng: np.random.Generator,
    centre: Floats,
    axis: Floats,
    half: Floats,
    uses: NDArray[np.int64],
    hardness: Hardness,
) -> Buildings:
    """Give footprints their heights, roofs, colours and windows."""
    count = len(uses)
    kinds = [KINDS[Use(int(use))] for use in uses]
    storeys = np.array([rng.integers(kind.storeys[0], kind.storeys[1] + 1) for kind in kinds])
    pitched = rng.random(count) < np.array([kind.pitched for kind in kinds])
    roof = np.where(pitched, np.where(rng.random(count) < 0.3, Roof.HIPPED, Roof.GABLED), Roof.FLAT)
    turned = pitched & (half[:, 1] > half[:, 0])
    axis = np.where(turned[:, None], np.stack([-axis[:, 1], axis[:, 0]], axis=1), axis)
    half = np.where(turned[:, None], half[:, ::-1], half)
    storey_m = rng.uniform(2.7, 3.3, count)
    rise = np.where(pitched, half[:, 1] * rng.uniform(0.5, 0.95, count), 0.0)
    tiles = colours.paint(rng, colours.ROOF, count, hardness)
    felt = colours.paint(rng, colours.FLAT_ROOF, count, hardness)
    cover = np.where(pitched[:, None], tiles, felt)
    walls = colours.paint(rng, colours.WALL, count, hardness)
    return Buildings(
        centre_m=centre,
        axis=axis.astype(np.float32),
        half_m=half.astype(np.float32),
        eave_m=(storeys * storey_m + 0.4).astype(np.float32),
        rise_m=rise.astype(np.float32),
        roof=roof.astype(np.int64),
        wall_rgb=(walls + ROOF_IN_WALL * (cover - walls)).astype(np.float32),
        roof_rgb=cover.astype(np.float32),
        bay_m=np.array([kind.bay_m for kind in kinds], np.float32),
        storey_m=storey_m.astype(np.float32),
    )
