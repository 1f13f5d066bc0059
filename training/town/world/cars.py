"""Parked cars: where they stand and how they look from above."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..config import Hardness
from . import colours
from .canvas import Canvas, rectangle
from .ground import Ground
from .streets import Road, tangents

Floats = NDArray[np.float32]

LENGTH_M = 4.4
WIDTH_M = 1.8
HEIGHT_M = 1.48
GLASS = (40, 48, 58)


@dataclass(frozen=True, slots=True)
class Cars:
    """C cars as arrays."""

    centre_m: Floats
    """[C, 2] float32 middle of the car, in metres (x east, y south)."""

    axis: Floats
    """[C, 2] float32 unit vector to the bonnet."""

    rgb: Floats
    """[C, 3] float32 colour of the paint, 0..255."""

    def __len__(self) -> int:
        return len(self.centre_m)


def park_cars(
    rng: np.random.Generator,
    roads: list[Road],
    ground: Ground,
    bays_m: Floats,
    solid_m: Floats,
    cell_m: float,
    hardness: Hardness,
) -> Cars:
    """Park cars along kerbs, outside junctions, and on about half of the free bays."""
    centres, axes = [np.empty((0, 2), np.float32)], [np.empty((0, 2), np.float32)]
    for road in roads:
        if road.pavement_m > 0:
            centre, axis = _along_kerbs(rng, road)
            centres.append(centre)
            axes.append(axis)
    used = bays_m[rng.random(len(bays_m)) < 0.5]
    centres.append(used)
    axes.append(np.repeat(np.array([[0.0, 1.0]], np.float32), len(used), axis=0))
    centre, axis = np.concatenate(centres), np.concatenate(axes)
    axis = axis * np.where(rng.random(len(axis)) < 0.5, -1, 1)[:, None].astype(np.float32)
    side_m = len(solid_m) * cell_m
    inside = ((centre > 3.0) & (centre < side_m - 3.0)).all(axis=1)
    centre, axis = centre[inside], axis[inside]
    blocked = (ground.junction > 0) | (solid_m > 0)
    free = np.ones(len(centre), bool)
    for step_m in (-5.5, -LENGTH_M / 2, 0.0, LENGTH_M / 2, 5.5):
        cells = np.clip((centre + axis * np.float32(step_m)) / cell_m, 0, len(solid_m) - 1)
        free &= ~blocked[cells[:, 1].astype(int), cells[:, 0].astype(int)]
    centre, axis = centre[free], axis[free]
    return Cars(centre, axis, colours.paint(rng, colours.CAR, len(centre), hardness))


def _along_kerbs(rng: np.random.Generator, road: Road) -> tuple[Floats, Floats]:
    along = tangents(road.points_m)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    share = rng.choice([0.0, 0.15, 0.35])
    centres, axes = [], []
    for side in (-1.0, 1.0):
        spots = np.arange(1, len(along), 3)
        spots = spots[rng.random(len(spots)) < share]
        offset = np.float32(side * (road.width_m / 2 - WIDTH_M / 2 - 0.15))
        centres.append(road.points_m[spots] + normal[spots] * offset)
        axes.append(along[spots])
    return np.concatenate(centres), np.concatenate(axes)


def draw_cars(cars: Cars, aerial: NDArray[np.uint8], surface_m: Floats, cell_m: float) -> None:
    """Draw every car into `aerial` [S, S, 3] uint8 and `surface_m` [S, S] float32, in place."""
    canvas = Canvas(aerial, cell_m)
    bonnet = np.array([LENGTH_M / 2, WIDTH_M / 2], np.float32)
    glass = np.array([1.25, 0.78], np.float32)
    top = np.array([0.75, 0.72], np.float32)
    footprint = np.zeros(surface_m.shape, np.uint8)
    for centre, axis, rgb in zip(cars.centre_m, cars.axis, cars.rgb, strict=True):
        cabin = centre - axis * np.float32(0.25)
        canvas.polygon(rectangle(centre, axis, bonnet), rgb)
        canvas.polygon(rectangle(cabin, axis, glass), GLASS)
        canvas.polygon(rectangle(cabin, axis, top), np.minimum(rgb * 1.08, 250.0))
        Canvas(footprint, cell_m).polygon(rectangle(centre, axis, bonnet), 1)
    np.maximum(surface_m, footprint * np.float32(HEIGHT_M), out=surface_m)
