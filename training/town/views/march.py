"""Casting rays over the height field: which building each pixel of a panorama sees."""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ..world.buildings import Buildings, roof_height_m
from ..world.world import World
from .lens import Lens, ray_steps_m

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entries:
    """E crossings of a ray's ground track into a building."""

    building: Ints
    """[E] int64 building numbers."""

    column: Ints
    """[E] int64 column of the ray."""

    distance_m: Floats
    """[E] float32 distance along the ground, in metres."""

    along_m: Floats
    """[E] float32 position along the building's axis where it is entered, in metres."""

    across_m: Floats
    """[E] float32 position across the axis, in metres."""

    end: NDArray[np.bool_]
    """[E] bool, whether the wall is one of the two at the ends of the axis."""

    top_m: Floats
    """[E] float32 height of the wall there, in metres."""


@dataclass(frozen=True, slots=True)
class Sight:
    """P pixels that see a building."""

    pixel: Ints
    """[P] int64 place in the picture, row * W + column, rising."""

    entry: NDArray[np.int32]
    """[P] int32 entry that the pixel sees."""

    height_m: Floats
    """[P] float32 height above the ground where the ray enters, in metres, not below 0."""


def cast(
    world: World, place_m: tuple[float, float], lens: Lens, heading: float
) -> tuple[Entries, Sight]:
    """
    March all rays outwards and keep the horizon that buildings draw.

    Args:
        world: what to look at.
        place_m: the camera, metres east and south of the world's north-west corner.
        lens: the camera's geometry.
        heading: direction of the centre column, in radians clockwise from north.

    Returns:
        The entries, and which pixel sees which of them.

    """
    directions = lens.directions(heading)
    steps_m = ray_steps_m()
    east = np.float32(place_m[0]) + directions[0][:, None] * steps_m
    south = np.float32(place_m[1]) + directions[1][:, None] * steps_m
    number, height_m = _look_up(world, east, south)
    slope = (height_m - np.float32(lens.eye_m)) / steps_m
    slope[number == 0] = -9.0
    entered = number > 0
    entered[:, 1:] &= number[:, 1:] != number[:, :-1]
    column_of, step_of = np.nonzero(entered)
    entries = enter_buildings(
        world.buildings,
        number[column_of, step_of].astype(np.int64),
        column_of,
        place_m,
        directions,
        steps_m[step_of],
    )
    wall_slope = (entries.top_m - lens.eye_m) / entries.distance_m
    slope[column_of, step_of] = np.maximum(slope[column_of, step_of], wall_slope)
    latest = np.zeros(number.shape, np.int32)
    latest[column_of, step_of] = np.arange(len(column_of), dtype=np.int32)
    np.maximum.accumulate(latest, axis=1, out=latest)
    first = _first_hit(np.maximum.accumulate(slope, axis=1), lens).T.ravel()
    pixel = np.flatnonzero(first < len(steps_m))
    row, column = np.divmod(pixel, lens.columns)
    entry = latest.reshape(-1).take(column * len(steps_m) + first.take(pixel))
    height_m = entries.distance_m.take(entry) * lens.slopes().take(row) + lens.eye_m
    standing = np.flatnonzero(height_m >= 0)
    return entries, Sight(pixel.take(standing), entry.take(standing), height_m.take(standing))


def _look_up(world: World, east: Floats, south: Floats) -> tuple[MatLike, Floats]:
    """Building numbers and heights at points, read from every second cell."""
    building, solid_m = world.building, world.solid_m
    scale = np.float32(0.5 / world.cell_m)
    column, row = east * scale - np.float32(0.25), south * scale - np.float32(0.25)
    number = cv2.remap(building, column, row, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
    inside = np.flatnonzero(number)
    cell = 2 * np.rint(row.reshape(-1).take(inside)).astype(np.int32) * np.int32(len(solid_m))
    cell += 2 * np.rint(column.reshape(-1).take(inside)).astype(np.int32)
    height_m = np.zeros(number.shape, np.float32)
    height_m.reshape(-1)[inside] = solid_m.reshape(-1).take(cell, mode="clip")
    return number, height_m


def _first_hit(horizon: Floats, lens: Lens) -> Ints:
    """[W, H] first step at which the risen horizon [W, K] covers each row's centre."""
    columns, steps = horizon.shape
    top = np.clip(np.ceil(lens.row_of(horizon) - 0.5), 0, lens.rows).astype(np.int64)
    top += np.arange(columns)[:, None] * (lens.rows + 1)
    counts = np.bincount(top.ravel(), minlength=columns * (lens.rows + 1))
    covered = np.cumsum(counts.reshape(columns, lens.rows + 1), axis=1)
    return np.asarray(steps - covered[:, : lens.rows], np.int64)


def enter_buildings(
    buildings: Buildings,
    number: Ints,
    column: Ints,
    place_m: tuple[float, float],
    directions: Floats,
    reached_m: Floats,
) -> Entries:
    """
    Where rays cross the exact outlines of the buildings whose cells they were seen to enter.

    Args:
        buildings: the table.
        number: [E] int64 building of each crossing.
        column: [E] int64 ray of each crossing.
        place_m: the camera, metres east and south of the world's north-west corner.
        directions: [2, W] float32 horizontal unit vectors of the rays, (east, south).
        reached_m: [E] float32 distance along the ground at which each was seen inside, in metres.

    Returns:
        The entries, at most a step before `reached_m`.

    """
    axis = buildings.axis[number]
    half = buildings.half_m[number]
    offset = np.array(place_m, np.float32) - buildings.centre_m[number]
    east, south = directions[0][column], directions[1][column]
    ray = (east * axis[:, 0] + south * axis[:, 1], south * axis[:, 0] - east * axis[:, 1])
    eye = (
        offset[:, 0] * axis[:, 0] + offset[:, 1] * axis[:, 1],
        offset[:, 1] * axis[:, 0] - offset[:, 0] * axis[:, 1],
    )
    near = []
    for side in (0, 1):
        speed = np.where(np.abs(ray[side]) < 1e-5, np.float32(1e-5), ray[side])
        near.append((-np.sign(speed) * half[:, side] - eye[side]) / speed)
    end = near[0] > near[1]
    distance = np.clip(np.maximum(near[0], near[1]), reached_m * 0.8 - 1.0, reached_m)
    distance = np.maximum(distance, 0.3).astype(np.float32)
    along = np.clip(eye[0] + distance * ray[0], -half[:, 0], half[:, 0])
    across = np.clip(eye[1] + distance * ray[1], -half[:, 1], half[:, 1])
    top = roof_height_m(buildings, number, along, across)
    return Entries(number, column, distance, along, across, end, top)
