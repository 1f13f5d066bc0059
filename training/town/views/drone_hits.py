"""Where a drone's rays first meet something: searched downwards, level by level."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .drone_camera import DroneCamera
from .relief import UNITS_PER_M, Relief

Floats = NDArray[np.float32]

LEVEL_M = 0.5
"""Height between the levels that are searched, in metres."""

HALVINGS = 3
"""Halvings that follow: hits are found to LEVEL_M / 2^HALVINGS, about 6 cm of height."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What H x W rays meet."""

    column: Floats
    """[H, W] float32 column in the relief."""

    row: Floats
    """[H, W] float32 row in the relief."""

    height_m: Floats
    """[H, W] float32 height above the ground, in metres."""


class _Rays:
    """The rays of a camera over the cells of a relief."""

    def __init__(self, relief: Relief, camera: DroneCamera) -> None:
        east, south = camera.drift()
        eye_m = camera.eye_m.astype(np.float32)
        scale = np.float32(1.0 / relief.cell_m)
        self.relief = relief
        self.step = (east * scale, south * scale)
        self.foot = (
            relief.cells(eye_m[0] - eye_m[2] * east),
            relief.cells(eye_m[1] - eye_m[2] * south),
        )

    def at(self, height_m: Floats | np.float32) -> tuple[Floats, Floats]:
        """Columns and rows of the rays at a height."""
        return self.foot[0] + height_m * self.step[0], self.foot[1] + height_m * self.step[1]

    def meet(self, height_m: Floats | np.float32) -> NDArray[np.bool_]:
        """Whether something fills each ray's cell at a height."""
        span = cv2.remap(self.relief.span, *self.at(height_m), cv2.INTER_NEAREST)
        level = np.asarray(np.rint(height_m * np.float32(UNITS_PER_M)), np.int16)
        return np.asarray((span[..., 0] >= level) & (span[..., 1] <= level))

    def highest_m(self) -> float:
        """Height of the highest thing that rays fly over, in metres."""
        ends = zip(self.foot, self.at(np.float32(self.relief.highest_m)), strict=True)
        columns, rows = (
            slice(max(0, int(min(low.min(), high.min()))), int(max(low.max(), high.max())) + 2)
            for low, high in ends
        )
        return float(self.relief.span[rows, columns, 0].max(initial=0)) / UNITS_PER_M


def first_hits(relief: Relief, camera: DroneCamera) -> Hits:
    """
    Find what every ray meets first.

    Rays fall, so of all the levels at which a ray is inside something the highest counts; the
    step in which it entered is then halved. What a ray enters and leaves between two levels,
    thinner than `LEVEL_M`, is not seen.
    """
    rays = _Rays(relief, camera)
    levels_m = np.arange(0.0, rays.highest_m() + LEVEL_M, LEVEL_M, dtype=np.float32)
    inside_m = np.zeros((camera.size, camera.size), np.float32)
    for level_m in levels_m[1:]:
        inside_m[rays.meet(level_m)] = level_m
    half_m = np.float32(LEVEL_M)
    for _ in range(HALVINGS):
        half_m /= 2
        higher_m = inside_m + half_m
        np.copyto(inside_m, higher_m, where=rays.meet(higher_m))
    return Hits(*rays.at(inside_m), inside_m)
