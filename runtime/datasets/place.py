"""A place: one location that was seen from the ground and from above."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Split = Literal["train", "val"]


@dataclass(frozen=True, slots=True)
class Place:
    """A matching pair of images with the location that it shows."""

    id: str
    """Unique within the data set."""

    ground: Path
    """The ground photograph or panorama."""

    satellite: Path
    """The north-up satellite tile."""

    latitude: float | None = None
    """Of the ground camera, WGS84 degrees; None where the data set does not say."""

    longitude: float | None = None
    """Of the ground camera, WGS84 degrees; None where the data set does not say."""

    tile_latitude: float | None = None
    """Of the tile's centre, WGS84 degrees."""

    tile_longitude: float | None = None
    """Of the tile's centre, WGS84 degrees."""
