"""A place: one location that was seen from the ground and from above."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Split = Literal["train", "val", "test"]


@dataclass(frozen=True, slots=True)
class Place:
    """A matching pair of images with the location that it shows: what a network learns from."""

    id: str
    """Unique within the split: of the ground image, where several share a tile."""

    ground: Path
    """The ground photograph or panorama, or the drone's image."""

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

    tile: str = ""
    """Name of what the tile shows (a tile, a building); places that share it are no negatives."""

    also_on: tuple[str, ...] = ()
    """Further tiles that show the place (VIGOR's semi-positives): no negatives of it either."""

    row: str = ""
    """Where it is listed, for messages: `splits/train-19zl.csv row 12`."""


def one_a_tile(places: list[Place]) -> list[Place]:
    """Keep the first place of each tile: pairs in which every tile is right for one query only."""
    kept: dict[str, Place] = {}
    for place in places:
        kept.setdefault(place.tile or place.id, place)
    return list(kept.values())
