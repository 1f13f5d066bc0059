"""Buildings written into the rasters: heights, numbers and the roofs as seen from above."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .buildings import Buildings, Roof, roof_height_m

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Built:
    """The buildings' rasters of one world."""

    aerial: NDArray[np.uint8]
    """[S, S, 3] uint8 colour seen from above: ground and roofs."""

    solid_m: Floats
    """[S, S] float32 height of buildings, in metres, 0 elsewhere."""

    number: NDArray[np.uint16]
    """[S, S] uint16 building number, 0 for none."""


def raise_buildings(
    rng: np.random.Generator, buildings: Buildings, ground_rgb: NDArray[np.uint8], cell_m: float
) -> Built:
    """
    Write every building into rasters.

    Args:
        rng: source of the roofs' wear.
        buildings: the table; entry 0 is skipped.
        ground_rgb: [S, S, 3] uint8 colours of the ground.
        cell_m: side of a cell, in metres.

    Returns:
        The rasters; `ground_rgb` is left as it was.

    """
    aerial = ground_rgb.copy()
    solid_m = np.zeros(aerial.shape[:2], np.float32)
    number = np.zeros(aerial.shape[:2], np.uint16)
    for index in range(1, len(buildings)):
        reach = float(np.hypot(*buildings.half_m[index])) + cell_m
        centre = buildings.centre_m[index]
        low = np.maximum(np.floor((centre - reach) / cell_m).astype(int), 0)
        high = np.ceil((centre + reach) / cell_m).astype(int)
        window = np.s_[low[1] : high[1], low[0] : high[0]]
        along, across = _local(buildings, index, low, aerial[window].shape[:2], cell_m)
        half = buildings.half_m[index]
        inside = (np.abs(along) <= half[0]) & (np.abs(across) <= half[1])
        height = roof_height_m(buildings, np.asarray(index), along, across)
        solid_m[window][inside] = height[inside]
        number[window][inside] = index
        rgb = _roof_texture(rng, buildings, index, along, across)
        aerial[window][inside] = rgb[inside]
    return Built(aerial, solid_m, number)


def _local(
    buildings: Buildings, index: int, low: NDArray[np.int64], shape: tuple[int, ...], cell_m: float
) -> tuple[Floats, Floats]:
    x = (low[0] + np.arange(shape[1]) + 0.5) * cell_m - buildings.centre_m[index, 0]
    y = (low[1] + np.arange(shape[0]) + 0.5) * cell_m - buildings.centre_m[index, 1]
    axis = buildings.axis[index]
    along = x[None] * axis[0] + y[:, None] * axis[1]
    across = -x[None] * axis[1] + y[:, None] * axis[0]
    return along.astype(np.float32), across.astype(np.float32)


def _roof_texture(
    rng: np.random.Generator, buildings: Buildings, index: int, along: Floats, across: Floats
) -> NDArray[np.uint8]:
    half = buildings.half_m[index]
    shade = 1.0 + 0.05 * rng.standard_normal(along.shape, dtype=np.float32)
    if buildings.roof[index] == Roof.FLAT:
        edge = np.minimum(half[0] - np.abs(along), half[1] - np.abs(across))
        shade = np.where(edge < 0.45, shade * 1.18, shade)
        if buildings.bay_m[index] > 0:
            shade = _with_boxes(rng, shade, half, along, across)
    else:
        shade *= 1.0 + 0.06 * np.sign(np.sin(np.abs(across) * (2 * np.pi / 0.9)))
        shade = np.where(np.abs(across) < 0.2, shade * 1.15, shade)
    rgb = np.clip(buildings.roof_rgb[index] * shade[..., None], 0, 255)
    return np.asarray(rgb, np.uint8)


def _with_boxes(
    rng: np.random.Generator, shade: Floats, half: Floats, along: Floats, across: Floats
) -> Floats:
    """Skylights (dark) and ventilation (bright) on a flat roof."""
    for _ in range(rng.integers(1, 5)):
        place = rng.uniform(-0.7, 0.7, 2) * half
        size = rng.uniform(0.5, 1.6, 2)
        on = (np.abs(along - place[0]) < size[0]) & (np.abs(across - place[1]) < size[1])
        shade = np.where(on, rng.choice([0.6, 1.3]), shade)
    return np.asarray(shade, np.float32)
