"""One image to embed: a file, a stored object or a tile of a map, and where it was taken."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .images import read_image
from .object_store import read_stored_image
from .panorama import Crop, Projection

if TYPE_CHECKING:
    from .maps.tile import MapTile


@dataclass(frozen=True, slots=True)
class Item:
    """One image to embed. The file may turn out to be missing or corrupt."""

    id: str
    """Unique within a source and within a gallery."""

    path: Path
    """The image file, or the map that the tile is cut from."""

    latitude: float | None = None
    """WGS84 degrees; None where the source does not say."""

    longitude: float | None = None
    """WGS84 degrees; None where the source does not say."""

    heading_deg: float | None = None
    """Where the photograph's centre looks, in degrees clockwise from north, if that is known."""

    fov_deg: float | None = None
    """The photograph's horizontal field of view, in degrees, if that is known."""

    projection: Projection = "equirectangular"
    """How its columns spread over the field of view; see `Crop`."""

    tile: "MapTile | None" = None
    """Which part of a map it is; None where `path` is the picture itself."""

    address: str | None = None
    """Where it lies in an object store; None where `path` is a file. See `object_store`."""

    @property
    def crop(self) -> Crop | None:
        """Which part of the horizon it shows; None unless heading and field of view are known."""
        if self.heading_deg is None or self.fov_deg is None:
            return None
        return Crop(self.heading_deg, self.fov_deg, self.projection)

    @property
    def locator(self) -> str:
        """Say where the picture is, so that it can be found again."""
        if self.tile:
            return self.tile.locator
        return self.address or str(self.path.absolute())

    def read(self) -> NDArray[np.uint8]:
        """
        Decode the picture.

        Returns:
            [h, w, 3] uint8, RGB.

        Raises:
            DataError: it is missing or cannot be read.

        """
        if self.tile:
            return self.tile.read()
        if self.address:
            return read_stored_image(self.address)
        return read_image(self.path)
