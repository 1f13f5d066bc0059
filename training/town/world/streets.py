"""The street plan: a warped lattice of roads of three widths."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

POINT_STEP_M = 2.0


@dataclass(frozen=True, slots=True)
class Road:
    """One road between two ends, along one line of the lattice."""

    points_m: Floats
    """[N, 2] float32 centre line, x east and y south of the world's north-west corner, metres."""

    width_m: float
    """Carriageway from kerb to kerb, in metres."""

    pavement_m: float
    """Pavement on each side, in metres; 0 for a lane."""

    family: int
    """0 or 1: roads of one family do not cross each other."""

    junctions_m: Floats
    """[J, 2] float32 lattice nodes on the road, in metres."""


def plan_streets(rng: np.random.Generator, side_m: float) -> list[Road]:
    """
    Lay a warped, turned lattice of roads over a world.

    Args:
        rng: source of chance.
        side_m: side of the world, in metres. Roads run on past its edges.

    Returns:
        The roads, wide ones last, so that painting in order keeps them on top.

    """
    nodes = _lattice(rng, side_m)
    roads: list[Road] = []
    for family in (0, 1):
        lines = nodes if family == 0 else nodes.transpose(1, 0, 2)
        for line in lines:
            roads.extend(_roads_of_line(rng, line, family))
    roads.sort(key=lambda road: road.width_m)
    return roads


def _lattice(rng: np.random.Generator, side_m: float) -> Floats:
    reach_m = side_m * 0.75
    count = int(2 * reach_m / 84.0) + 1
    axes = [np.cumsum(rng.uniform(62.0, 106.0, count)) for _ in range(2)]
    along, across = np.meshgrid(*(axis - axis.mean() for axis in axes), indexing="ij")
    grid = np.stack([along, across], axis=-1)
    grid += rng.normal(0.0, 5.0, grid.shape)
    phase = rng.uniform(0.0, 2 * np.pi, 2)
    wave = rng.uniform(180.0, 360.0, 2)
    bend_m = rng.uniform(6.0, 20.0, 2)
    grid[..., 0] += bend_m[0] * np.sin(2 * np.pi * across / wave[0] + phase[0])
    grid[..., 1] += bend_m[1] * np.sin(2 * np.pi * along / wave[1] + phase[1])
    turn = rng.uniform(-np.pi / 4, np.pi / 4)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return np.asarray(grid @ rotation.T + side_m / 2, np.float32)


def _roads_of_line(rng: np.random.Generator, line: Floats, family: int) -> list[Road]:
    width_m, pavement_m, gap = _rank(rng)
    kept = rng.random(len(line) - 1) >= gap
    roads = []
    start = 0
    for edge in range(len(line)):
        if edge < len(line) - 1 and kept[edge]:
            continue
        if edge > start:
            nodes = line[start : edge + 1]
            roads.append(Road(smooth(nodes), width_m, pavement_m, family, nodes))
        start = edge + 1
    return roads


def _rank(rng: np.random.Generator) -> tuple[float, float, float]:
    """Width, pavement (metres) and the chance that an edge is missing, of one lattice line."""
    rank = rng.choice(3, p=[0.18, 0.52, 0.30])
    if rank == 0:
        return float(rng.uniform(9.5, 12.0)), float(rng.uniform(2.0, 3.5)), 0.0
    if rank == 1:
        return float(rng.uniform(5.5, 7.5)), float(rng.uniform(1.5, 2.5)), 0.12
    return float(rng.uniform(3.2, 4.5)), 0.0, 0.25


def smooth(nodes: Floats) -> Floats:
    """Catmull-Rom curve through `nodes` [J, 2], a point about every 2 m, as [N, 2] float32."""
    padded = np.concatenate([2 * nodes[:1] - nodes[1:2], nodes, 2 * nodes[-1:] - nodes[-2:-1]])
    pieces = []
    for first, second, third, fourth in zip(
        padded, padded[1:], padded[2:], padded[3:], strict=False
    ):
        steps = max(2, int(np.hypot(*(third - second)) / POINT_STEP_M))
        t = np.arange(steps, dtype=np.float32)[:, None] / steps
        pieces.append(
            second
            + 0.5 * t * (third - first)
            + t**2 * (first - 2.5 * second + 2 * third - 0.5 * fourth)
            + t**3 * (1.5 * (second - third) + 0.5 * (fourth - first))
        )
    return np.concatenate([*pieces, nodes[-1:]]).astype(np.float32)


def tangents(points_m: Floats) -> Floats:
    """Unit direction of a polyline [N, 2] at each of its points, [N, 2] float32."""
    step = np.gradient(points_m, axis=0)
    return np.asarray(step / np.linalg.norm(step, axis=1, keepdims=True), np.float32)
