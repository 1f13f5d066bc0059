"""
GeoTIFFs, read with rasterio.

The files may come from anywhere. GDAL opens many formats, follows side-car files, and fetches
overviews that a TIFF's metadata name, from the network if they say so. Here it may open a TIFF
and nothing else.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..extras import need_extra
from .bands import Bands, choose_bands
from .layer import Extent, Window
from .thread_handles import ThreadHandles

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

MAX_BLOCK_BYTES = 256 * 2**20
"""A strip or block is decoded as a whole; files with larger ones are refused."""

MAX_REASON = 300
"""Characters of GDAL's words in our errors."""

Transform = tuple[float, float, float, float, float, float]
"""a to f of x' = ax + by + c, y' = dx + ey + f."""

_WGS84 = "EPSG:4326"
_EDGE_POINTS = 21

_GDAL_OPTIONS = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_CACHEMAX": 128 * 2**20,
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
}
"""No remote files, no neighbours of the file, no .aux.xml; and not 5 % of the machine's memory."""


@dataclass(frozen=True, eq=False)
class GeoTiff:
    """One georeferenced TIFF, a `Layer`. Equal to itself alone, as `TileStore` is."""

    path: Path
    """The file."""

    width: int
    """Columns."""

    height: int
    """Rows."""

    extent: Extent
    """Where it lies."""

    to_pixels: Transform
    """From x and y of its reference system to columns and rows."""

    bands: Bands
    """Which bands are its colours."""

    @property
    def parts(self) -> tuple[Extent]:
        """See `Layer.parts`."""
        return (self.extent,)

    def pixels_at(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """See `Layer.pixels_at`."""
        from rasterio.warp import transform

        with _reading(self.path):
            dataset = _DATASETS.get(self)
            x, y = transform(_WGS84, dataset.crs, longitudes.ravel(), latitudes.ravel())
        columns, rows = _transformed(self.to_pixels, np.asarray(x), np.asarray(y))
        return columns.reshape(latitudes.shape), rows.reshape(latitudes.shape)

    def read(self, window: Window, width: int, height: int) -> NDArray[np.uint8]:
        """See `Layer.read`."""
        from rasterio.windows import Window as Part

        part = Part(window.column, window.row, window.width, window.height)
        with _reading(self.path):
            return self.bands.read(_DATASETS.get(self), part, width, height)


def open_geotiff(path: Path) -> GeoTiff:
    """
    Look at a file's head.

    Raises:
        ExtraMissing: rasterio is not installed.
        DataError: it is no GeoTIFF, has no place on the globe, reaches a pole or the
            antimeridian, holds no colours of 8 or 16 bits, or refers to another file.

    """
    need_extra("maps")
    from rasterio.errors import NotGeoreferencedWarning

    with _reading(path), warnings.catch_warnings():
        # Of a missing place rasterio warns; we refuse it below.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with _opened(path) as dataset:
            _check(path, dataset)
            return GeoTiff(
                path=path,
                width=dataset.width,
                height=dataset.height,
                extent=Extent.around(path, *_edge(dataset)),
                to_pixels=tuple((~dataset.transform)[:6]),
                bands=choose_bands(path, dataset),
            )


def _opened(path: Path) -> "DatasetReader":
    import rasterio

    return rasterio.open(path, driver="GTiff")


_DATASETS: "ThreadHandles[GeoTiff, DatasetReader]" = ThreadHandles(lambda map: _opened(map.path))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Confine GDAL to one file, and say what it says in our words."""
    import rasterio
    from rasterio._err import CPLE_BaseError  # projections that do not exist raise it bare
    from rasterio.errors import CRSError, RasterioError

    try:
        with rasterio.Env(**_GDAL_OPTIONS):
            yield
    except (RasterioError, CRSError, CPLE_BaseError) as error:
        # Where rasterio says "Read failed", GDAL's words are behind it; some are pages long.
        reason = shorten(str(error.__cause__ or error), MAX_REASON)
        raise DataError(f"cannot read the GeoTIFF {path}: {reason}") from error


def _check(path: Path, dataset: "DatasetReader") -> None:
    if dataset.tags(ns="OVERVIEWS"):
        raise DataError(
            f"{path}: its overviews lie in another file, which is not followed; "
            f"copy it: gdal_translate -of COG {path.name} COPY.tif"
        )
    where = dataset.transform
    if dataset.crs is None or where.is_identity or where.is_degenerate:
        raise DataError(
            f"{path} has no coordinate reference system or no geotransform; "
            f"write both: gdal_translate -a_srs EPSG:CODE -a_ullr W N E S {path.name} COPY.tif"
        )
    block_bytes = sum(  # of all bands, which may lie in one block
        height * width * np.dtype(kind).itemsize
        for (height, width), kind in zip(dataset.block_shapes, dataset.dtypes, strict=True)
    )
    if block_bytes > MAX_BLOCK_BYTES:
        raise DataError(
            f"{path}: expected blocks of at most {MAX_BLOCK_BYTES:,} bytes, got {block_bytes:,}; "
            f"tile it: gdal_translate -of COG {path.name} COPY.tif"
        )


def _edge(dataset: "DatasetReader") -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Walk around the raster: [n] latitudes and [n] longitudes."""
    from rasterio.warp import transform

    there = np.linspace(0, 1, _EDGE_POINTS)
    back, low, high = there[::-1], np.zeros(_EDGE_POINTS), np.ones(_EDGE_POINTS)
    columns = np.concatenate([there, high, back, low]) * dataset.width
    rows = np.concatenate([low, there, high, back]) * dataset.height
    x, y = _transformed(dataset.transform[:6], columns, rows)
    longitudes, latitudes = transform(dataset.crs, _WGS84, x, y)
    return np.asarray(latitudes), np.asarray(longitudes)


def _transformed(
    by: Transform, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b, c, d, e, f = by
    return a * x + b * y + c, d * x + e * y + f
