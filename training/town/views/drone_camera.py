"""A drone's camera: where it hangs, where each pixel looks, and where a point appears."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class DroneCamera:
    """
    A pinhole camera with square pixels that looks down, its horizon level.

    Directions are (east, south, up), positions metres east and south of the world's north-west
    corner and above the ground.
    """

    target_m: tuple[float, float, float]
    """Point in the middle of the picture."""

    distance_m: float
    """From the camera to the target, in metres."""

    heading: float
    """Direction the camera looks, in radians clockwise from north: at 0, north is up."""

    depression: float
    """Angle of the view below the horizon, in radians; pi / 2 is straight down."""

    field_of_view: float
    """Angle between opposite edges of the picture, in radians; every row must look down."""

    size: int
    """Side of the picture, in pixels."""

    @cached_property
    def axes(self) -> NDArray[np.float64]:
        """[3, 3] float64 unit vectors: the picture's right, its up, and the viewing direction."""
        sine, cosine = np.sin(self.heading), np.cos(self.heading)
        ahead = np.array([sine, -cosine, 0.0])
        down = np.array([0.0, 0.0, -1.0])
        low, level = np.sin(self.depression), np.cos(self.depression)
        right = np.array([cosine, sine, 0.0])
        return np.stack([right, ahead * low - down * level, ahead * level + down * low])

    @cached_property
    def eye_m(self) -> NDArray[np.float64]:
        """[3] float64 position of the camera."""
        return np.asarray(np.array(self.target_m) - self.distance_m * self.axes[2], np.float64)

    @property
    def focal_px(self) -> float:
        """Distance between the lens and the picture, in pixels."""
        return float(self.size / 2 / np.tan(self.field_of_view / 2))

    def drift(self) -> Floats:
        """[2, size, size] float32 metres east and south that a pixel's ray moves a metre up."""
        middle = np.arange(self.size) + 0.5 - self.size / 2
        right, up, forward = self.axes.astype(np.float32)
        across = (middle / self.focal_px).astype(np.float32)
        ray = forward[:, None, None] + right[:, None, None] * across
        ray = ray - up[:, None, None] * across[:, None]
        return np.asarray(ray[:2] / ray[2], np.float32)

    def project(self, points_m: NDArray[np.floating]) -> NDArray[np.float64]:
        """
        Find where points appear.

        Args:
            points_m: [N, 3] points in front of the camera.

        Returns:
            [N, 2] float64 column and row; the first pixel spans 0..1.

        """
        right, up, forward = ((points_m - self.eye_m) @ self.axes.T).T
        scale = self.focal_px / forward
        return np.stack([self.size / 2 + right * scale, self.size / 2 - up * scale], axis=1)
