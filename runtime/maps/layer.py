"""What a map is made of: rasters that know where on the globe their pixels lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError

MAX_LATITUDE = 85.06
"""Degrees. Web Mercator ends at 85.051; nearer to a pole a tile's north is ill-defined."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The smallest box of degrees around a raster; never across the antimeridian."""

    south: float
    """Latitude in degrees."""

    west: float
    """Longitude in degrees."""

    north: float
    """Latitude in degrees."""

    east: float
    """Longitude in degrees."""

    @classmethod
    def around(
        cls, path: Path, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> "Extent":
        """
        Enclose a raster.

        Args:
            path: the raster, to name it.
            latitudes: [n] degrees, along its edge, the last point next to the first.
            longitudes: [n] degrees.

        Raises:
            DataError: the raster reaches a pole or crosses the antimeridian.

        """
        if not (np.isfinite(latitudes).all() and np.isfinite(longitudes).all()):
            raise DataError(f"{path}: its edge has no latitude and longitude; wrong CRS?")
        jumps = np.abs(np.diff(longitudes, append=longitudes[:1]))
        if jumps.max() > 180 or np.abs(longitudes).max() > 180 + 1e-9:
            raise DataError(
                f"{path} crosses the antimeridian (or encloses a pole): cut it in two there, "
                "with longitudes from -180 to 180"
            )
        extent = cls(*map(float, (latitudes.min(), longitudes.min())),
                     *map(float, (latitudes.max(), longitudes.max())))  # fmt: skip
        if max(-extent.south, extent.north) > MAX_LATITUDE:
            raise DataError(
                f"{path} reaches from latitude {extent.south:.2f} to {extent.north:.2f}: "
                f"expected within {MAX_LATITUDE} degrees; cut it off before the pole"
            )
        return extent

    @classmethod
    def hull(cls, extents: "Sequence[Extent]") -> "Extent":
        """Enclose several extents, at least one."""
        return cls(
            south=min(extent.south for extent in extents),
            west=min(extent.west for extent in extents),
            north=max(extent.north for extent in extents),
            east=max(extent.east for extent in extents),
        )

    def touches(self, other: "Extent") -> bool:
        """Whether the two boxes share any ground."""
        return (
            self.south < other.north
            and other.south < self.north
            and self.west < other.east
            and other.west < self.east
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a raster, in its own pixels."""

    column: int
    """The first."""

    row: int
    """The first."""

    width: int
    """Columns, at least 1."""

    height: int
    """Rows, at least 1."""


class Layer(Protocol):
    """One raster of a map. It may be read from several threads at once."""

    @property
    def extent(self) -> Extent:
        """Where it lies."""

    @property
    def parts(self) -> Sequence[Extent]:
        """Boxes that together hold all of its data, where it is known to have gaps."""

    @property
    def width(self) -> int:
        """Columns of the raster."""

    @property
    def height(self) -> int:
        """Rows of the raster."""

    def pixels_at(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        Find positions in the raster.

        Args:
            latitudes: degrees, of any shape.
            longitudes: degrees, of the same shape.

        Returns:
            Columns and rows of that shape, counted from the corner of the first pixel (its
            centre is 0.5); outside of the raster, too.

        Raises:
            DataError: the raster cannot be opened any more.

        """

    def read(self, window: Window, width: int, height: int) -> NDArray[np.uint8]:
        """
        Read a window, averaged down to a size.

        Args:
            window: within the raster.
            width: columns wanted, at most the window's.
            height: rows wanted, at most the window's.

        Returns:
            [height, width, 4] uint8, RGB and validity: 255 where there is data, else 0 and black.

        Raises:
            DataError: the file is missing or damaged there.

        """
