"""Sunlight: a direction, the shadows it casts on a height field, and the shade of slopes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHADOW_DEPTH = 0.36
"""Share of the light that a full shadow takes away."""

_DOUBLINGS = 6


@dataclass(frozen=True, slots=True)
class Sun:
    """Where the sun stands."""

    azimuth: float
    """Direction to the sun, in radians clockwise from north."""

    elevation: float
    """Height above the horizon, in radians, above 0."""

    def direction(self) -> tuple[float, float]:
        """Horizontal unit vector towards the sun, (east, south)."""
        return float(np.sin(self.azimuth)), float(-np.cos(self.azimuth))


def draw_sun(rng: np.random.Generator) -> Sun:
    """Draw a sun anywhere around, 28 to 65 degrees high."""
    return Sun(float(rng.uniform(0, 2 * np.pi)), float(np.radians(rng.uniform(28.0, 65.0))))


def shadows(surface_m: Floats, cell_m: float, sun: Sun) -> Floats:
    """
    Shadows on a height field.

    Args:
        surface_m: [H, W] float32 heights in metres, row 0 in the north.
        cell_m: side of a cell, in metres.
        sun: the light.

    Returns:
        [H, W] float32, 1 in full shadow and 0 in the sun. Casters up to 63 cells away count.

    """
    east, south = sun.direction()
    fall = cell_m * np.tan(sun.elevation)
    shade_m = surface_m.copy()
    for doubling in range(_DOUBLINGS):
        right, down = round(2**doubling * east), round(2**doubling * south)
        here = _overlap(shade_m.shape[0], down), _overlap(shade_m.shape[1], right)
        there = _overlap(shade_m.shape[0], -down), _overlap(shade_m.shape[1], -right)
        drop_m = np.float32(fall * np.hypot(right, down))
        cast_m = shade_m[there] - drop_m
        np.maximum(shade_m[here], cast_m, out=shade_m[here])
    shade_m -= surface_m
    shade_m -= np.float32(0.25)
    shade_m *= np.float32(1.6)
    return np.asarray(np.clip(shade_m, 0.0, 1.0, out=shade_m), np.float32)


def _overlap(length: int, shift: int) -> slice:
    """Cells whose neighbour `shift` further on exists."""
    return slice(max(0, -shift), length - max(0, shift))


def slope_light(surface_m: Floats, cell_m: float, sun: Sun) -> Floats:
    """
    Brightness of slopes against flat ground.

    Args:
        surface_m: [H, W] float32 heights in metres.
        cell_m: side of a cell, in metres.
        sun: the light.

    Returns:
        [H, W] float32 around 1; cliffs count as steep roofs.

    """
    east, south = sun.direction()
    scale = 1.0 / (8.0 * cell_m)
    rise_east = cv2.Sobel(surface_m, cv2.CV_32F, 1, 0, ksize=3, scale=scale)
    rise_south = cv2.Sobel(surface_m, cv2.CV_32F, 0, 1, ksize=3, scale=scale)
    facing = -(rise_east * np.float32(east) + rise_south * np.float32(south))
    facing = np.clip(facing, -0.9, 0.9) / np.float32(np.tan(sun.elevation) + 0.6)
    return np.asarray(1.0 + np.float32(0.35) * facing, np.float32)
