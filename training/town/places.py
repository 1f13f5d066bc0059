"""What pictures are taken of: spots on roads and pavements, or buildings, a spacing apart."""

import numpy as np
from numpy.typing import NDArray

from .world.world import World

_TWIN_TRIES = 64


def choose_places(
    world: World, rng: np.random.Generator, count: int, spacing_m: float, margin_m: float
) -> NDArray[np.float64]:
    """
    Choose places at random.

    Args:
        world: gives the walkable cells.
        rng: source of chance.
        count: most places wanted.
        spacing_m: smallest distance between two, in metres.
        margin_m: smallest distance to the world's edge, in metres.

    Returns:
        [N, 2] float64, N <= count, metres east and south of the world's north-west corner; fewer
        than `count` where the streets are full.

    """
    rows, columns = np.nonzero(world.walkable)
    spots = (np.stack([columns, rows], axis=1).astype(np.float64) + 0.5) * world.cell_m
    inside = ((spots >= margin_m) & (spots <= world.side_m - margin_m)).all(axis=1)
    spots = spots[inside]
    tries = min(len(spots), 60 * count)
    spots = spots[rng.choice(len(spots), size=tries, replace=False)] if tries else spots
    return _spaced(spots, count, spacing_m)


def choose_buildings(
    world: World, rng: np.random.Generator, count: int, spacing_m: float, margin_m: float
) -> NDArray[np.float64]:
    """Choose buildings at random: [N, 2] float64 centres, otherwise as `choose_places`."""
    centres = world.buildings.centre_m[1:].astype(np.float64)
    inside = ((centres >= margin_m) & (centres <= world.side_m - margin_m)).all(axis=1)
    return _spaced(rng.permutation(centres[inside]), count, spacing_m)


def _spaced(spots: NDArray[np.floating], count: int, spacing_m: float) -> NDArray[np.float64]:
    """Go through [M, 2] spots in their order and keep those that keep their distance."""
    nearby: dict[tuple[int, int], list[int]] = {}
    chosen: list[NDArray[np.float64]] = []
    for spot in spots:
        key = (int(spot[0] // spacing_m), int(spot[1] // spacing_m))
        if _crowded(spot, key, nearby, chosen, spacing_m):
            continue
        nearby.setdefault(key, []).append(len(chosen))
        chosen.append(spot)
        if len(chosen) == count:
            break
    return np.array(chosen, np.float64).reshape(-1, 2)


def with_twins(
    world: World,
    rng: np.random.Generator,
    places_m: NDArray[np.float64],
    twin_m: float,
    margin_m: float,
) -> NDArray[np.float64]:
    """
    Move every second place close to the one before.

    Args:
        world: gives the walkable cells.
        rng: source of chance.
        places_m: [N, 2] float64, metres east and south of the world's north-west corner.
        twin_m: largest distance between the two, in metres; the smallest is half of it.
        margin_m: smallest distance to the world's edge, in metres.

    Returns:
        [N, 2] float64; a place for which no such spot is found stays where it is.

    """
    moved = places_m.copy()
    for index in range(1, len(moved), 2):
        beside = moved[index - 1] + rng.uniform(-twin_m, twin_m, (_TWIN_TRIES, 2))
        apart_m = np.linalg.norm(beside - moved[index - 1], axis=1)
        columns, rows = (beside / world.cell_m).astype(np.intp).T
        fit = (apart_m >= twin_m / 2) & (apart_m <= twin_m)
        fit &= ((beside >= margin_m) & (beside <= world.side_m - margin_m)).all(axis=1)
        fit[fit] &= world.walkable[rows[fit], columns[fit]] == 1
        if fit.any():
            moved[index] = beside[fit][0]
    return moved


def _crowded(
    spot: NDArray[np.float64],
    key: tuple[int, int],
    nearby: dict[tuple[int, int], list[int]],
    chosen: list[NDArray[np.float64]],
    spacing_m: float,
) -> bool:
    for east in (-1, 0, 1):
        for south in (-1, 0, 1):
            for index in nearby.get((key[0] + east, key[1] + south), ()):
                if np.hypot(*(chosen[index] - spot)) < spacing_m:
                    return True
    return False
