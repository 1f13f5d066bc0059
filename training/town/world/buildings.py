"""Buildings: turned boxes with flat, gabled or hipped roofs, and the rule of their height."""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Roof(IntEnum):
    """Shape of a roof."""

    FLAT = 0
    GABLED = 1
    HIPPED = 2


@dataclass(frozen=True, slots=True)
class Buildings:
    """B buildings as arrays. Entry 0 stands for "none" and has no size."""

    centre_m: Floats
    """[B, 2] float32 centre of the footprint, in metres (x east, y south)."""

    axis: Floats
    """[B, 2] float32 unit vector along the ridge."""

    half_m: Floats
    """[B, 2] float32 half length along the axis and half depth across it, in metres."""

    eave_m: Floats
    """[B] float32 height of the walls, in metres."""

    rise_m: Floats
    """[B] float32 height of the ridge above the eaves, in metres; 0 for flat roofs."""

    roof: NDArray[np.int64]
    """[B] int64 `Roof` numbers."""

    wall_rgb: Floats
    """[B, 3] float32 colour of the walls, 0..255."""

    roof_rgb: Floats
    """[B, 3] float32 colour of the roof, 0..255."""

    bay_m: Floats
    """[B] float32 distance between windows, in metres; 0 for walls without."""

    storey_m: Floats
    """[B] float32 height of a storey, in metres."""

    def __len__(self) -> int:
        return len(self.eave_m)

    def append(self, others: "Buildings") -> "Buildings":
        """These buildings, then the others."""
        return Buildings(
            **{
                field.name: np.concatenate([getattr(self, field.name), getattr(others, field.name)])
                for field in fields(self)
            }
        )


def no_buildings() -> Buildings:
    """The table that holds entry 0 alone."""
    one, two, three = (np.zeros((1, *tail), np.float32) for tail in ((), (2,), (3,)))
    east = np.array([[1.0, 0.0]], np.float32)
    kinds = np.zeros(1, np.int64)
    return Buildings(two, east, two, one, one, kinds, three, three, one, one)


def box(
    centre_m: tuple[float, float],
    size_m: tuple[float, float, float],
    rgb: tuple[int, int, int],
) -> Buildings:
    """One windowless box of one colour, `size_m` = (east-west, north-south, height)."""
    colour = np.array([rgb], np.float32)
    return Buildings(
        centre_m=np.array([centre_m], np.float32),
        axis=np.array([[1.0, 0.0]], np.float32),
        half_m=np.array([size_m[:2]], np.float32) * np.float32(0.5),
        eave_m=np.array([size_m[2]], np.float32),
        rise_m=np.zeros(1, np.float32),
        roof=np.zeros(1, np.int64),
        wall_rgb=colour,
        roof_rgb=colour,
        bay_m=np.zeros(1, np.float32),
        storey_m=np.full(1, 3.0, np.float32),
    )


def roof_height_m(
    buildings: Buildings, index: NDArray[np.integer], along_m: Floats, across_m: Floats
) -> Floats:
    """
    Height of the roof above points of the footprint.

    Args:
        buildings: the table.
        index: [...] building of each point.
        along_m: [...] float32 position along the axis from the centre, in metres.
        across_m: [...] float32 position across it, in metres.

    Returns:
        [...] float32 heights above the ground, in metres.

    """
    half = buildings.half_m[index]
    depth = np.maximum(half[..., 1], np.float32(0.01))
    slope = 1.0 - np.abs(across_m) / depth
    end = (half[..., 0] - np.abs(along_m)) / depth
    hipped = buildings.roof[index] == Roof.HIPPED
    slope = np.where(hipped, np.minimum(slope, end), slope)
    rise = buildings.rise_m[index] * np.clip(slope, 0.0, 1.0)
    return np.asarray(buildings.eave_m[index] + rise, np.float32)
