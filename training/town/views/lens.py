"""The panorama's geometry: which direction each pixel looks, and who is hit first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..config import TownConfig

Floats = NDArray[np.float32]

REACH_M = 130.0
"""Farthest building that is looked for, in metres."""


@dataclass(frozen=True, slots=True)
class Lens:
    """An equirectangular camera of H rows and W columns, supersampled."""

    rows: int
    """H, rays per column."""

    columns: int
    """W, rays around; the centre looks along the heading, later columns turn clockwise."""

    vertical_view: float
    """Angle from the lowest to the highest row's edge, in radians, the horizon in the middle."""

    eye_m: float
    """Height of the camera above the ground, in metres."""

    supersampling: int
    """Rays per pixel along each axis."""

    def slopes(self) -> Floats:
        """[H] float32 tangent of each row's elevation, falling from top to bottom."""
        share = 0.5 - (np.arange(self.rows) + 0.5) / self.rows
        return np.tan(share * self.vertical_view).astype(np.float32)

    def directions(self, heading: float) -> Floats:
        """[2, W] float32 horizontal unit vectors (east, south); heading in radians from north."""
        turn = ((np.arange(self.columns) + 0.5) / self.columns - 0.5) * (2 * np.pi) + heading
        return np.stack([np.sin(turn), -np.cos(turn)]).astype(np.float32)

    def row_of(self, slope: Floats) -> Floats:
        """Fractional row whose ray rises by `slope`; row r spans r..r + 1."""
        share = np.arctan(slope) / np.float32(self.vertical_view)
        return np.asarray((np.float32(0.5) - share) * np.float32(self.rows), np.float32)


def lens_of(config: TownConfig) -> Lens:
    """The lens that a town's panoramas are taken with."""
    return Lens(
        rows=config.panorama_height * config.supersampling,
        columns=config.panorama_width * config.supersampling,
        vertical_view=float(np.radians(config.vertical_view_deg)),
        eye_m=config.eye_height_m,
        supersampling=config.supersampling,
    )


def ray_steps_m() -> Floats:
    """[K] float32 distances along a ray: half a metre close by, 4 % of the distance far off."""
    steps = [0.8]
    while steps[-1] < REACH_M:
        steps.append(steps[-1] + max(0.5, 0.04 * steps[-1]))
    return np.array(steps, np.float32)
