"""One tile of a map, named so that it can be cut again."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import EmptyTile

_LOCATOR = re.compile(
    r"(?P<map>.+)#(?P<latitude>-?\d{1,2}\.\d{7}),(?P<longitude>-?\d{1,3}\.\d{7}),"
    r"(?P<size>\d{1,6}(\.\d+)?)m(,z(?P<zoom>\d{1,2}))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class MapTile:
    """A square of the ground, north up. It can be pickled; the map is opened when it is read."""

    map: Path
    """The map: what `read_map` was given, absolute."""

    latitude: float
    """WGS84 degrees of the centre, of 7 decimals (1 cm)."""

    longitude: float
    """WGS84 degrees of the centre, of 7 decimals."""

    ground_size_m: float
    """Side of the square in metres on the ground."""

    zoom: int | None = None
    """Level of a tile pyramid; None for GeoTIFFs."""

    min_covered: float = 0.0
    """
    Below this share of pixels with data, from 0 to 1, the tile counts as empty; so does one that
    reaches over the map's edge. 0 takes every tile.
    """

    @property
    def locator(self) -> str:
        """Say where the picture is, such as `/data/ortho.tif#60.1700000,24.9400000,70m`."""
        zoom = "" if self.zoom is None else f",z{self.zoom}"
        position = f"{self.latitude:.7f},{self.longitude:.7f}"
        return f"{self.map}#{position},{metres(self.ground_size_m)}{zoom}"

    def read(self) -> NDArray[np.uint8]:
        """
        Cut the tile out of its map.

        Returns:
            [n, n, 3] uint8, RGB, north up; black where the map has no data. n follows from the
            map's resolution, up to `sampling.MAX_TILE_PIXELS`.

        Raises:
            EmptyTile: less than `min_covered` of it holds data, or it reaches over the edge.
            DataError: the map is missing, or damaged here.

        """
        from .opening import open_map
        from .sampling import cut

        picture = cut(open_map(self.map, self.zoom), self)
        if picture.covered < self.min_covered:
            raise EmptyTile(
                f"{self.locator}: {picture.covered:.0%} of the tile holds data, "
                f"expected at least {self.min_covered:.0%}"
            )
        if self.min_covered > 0 and not picture.whole:
            raise EmptyTile(f"{self.locator}: the tile reaches over the map's edge")
        return picture.image


def open_locator(locator: str) -> MapTile | None:
    """
    Parse what `MapTile.locator` wrote.

    Returns:
        None if `locator` names no tile of a map; an image file, say.

    """
    parts = _LOCATOR.fullmatch(locator)
    if parts is None:
        return None
    return MapTile(
        Path(parts["map"]),
        float(parts["latitude"]),
        float(parts["longitude"]),
        float(parts["size"]),
        None if parts["zoom"] is None else int(parts["zoom"]),
    )


def metres(size_m: float) -> str:
    """Write a length such that `float` reads the same one: `70m`, `0.35m`."""
    return f"{size_m:.6f}".rstrip("0").rstrip(".") + "m"
