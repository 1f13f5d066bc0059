"""From the rasters of a map to one tile: each pixel is looked up where it lies on the ground."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .ground import square
from .layer import Extent, Layer, Window
from .tile import MapTile

MAX_TILE_PIXELS = 1024
"""Side of the largest tile; a finer map is averaged down to it, from its overviews if it has any.

More than twice the input of any CLNet, so the network's own resize still has all it can use.
"""

_NODES = 17
"""Positions projected along a side; between them a projection is a plane to 1e-3 of a pixel."""

_KEEP_BELOW = 1.5
"""A map this little finer than a tile is read as it is, rather than averaged first."""

_MARGIN = 3
"""Pixels read beyond a window, for the cubic kernel."""

_Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Picture:
    """A tile that was cut."""

    image: NDArray[np.uint8]
    """[n, n, 3] uint8, RGB, north up; black where there is no data."""

    covered: float
    """Share of pixels with data, 0 to 1."""

    whole: bool
    """Whether no pixel lies beyond the map's edge."""


def cut(layers: Sequence[Layer], tile: MapTile) -> Picture:
    """
    Cut one tile. Where layers overlap, the last one lies on top, as in a GDAL mosaic.

    Raises:
        DataError: a raster is missing or damaged there.

    """
    latitudes, longitudes = square(tile.latitude, tile.longitude, tile.ground_size_m, _NODES)
    extent = Extent(latitudes.min(), longitudes.min(), latitudes.max(), longitudes.max())
    touched = [layer for layer in layers if layer.extent.touches(extent)]
    placed = [(layer, *layer.pixels_at(latitudes, longitudes)) for layer in touched]
    # A projection may not reach as far as the box around a sheet does.
    placed = [lattice for lattice in placed if np.isfinite(lattice[1:]).all()]
    native = max((_native_pixels(columns, rows) for _, columns, rows in placed), default=1.0)
    size = max(1, min(round(native), MAX_TILE_PIXELS))
    image = np.zeros((size, size, 3), np.uint8)
    valid, inside = np.zeros((2, size, size), np.bool_)
    for layer, sparse_columns, sparse_rows in placed:
        columns, rows = _densified(sparse_columns, size), _densified(sparse_rows, size)
        inside |= _lies_in(layer, columns, rows)
        _paint(image, valid, layer, columns, rows)
    return Picture(image, float(valid.mean()), bool(inside.all()))


def native_pixels(layer: Layer, latitude: float, longitude: float, size_m: float) -> float:
    """
    Count a layer's own pixels along a tile's side.

    Args:
        layer: what would be cut.
        latitude: degrees, of the tile's centre.
        longitude: degrees, of the tile's centre.
        size_m: the tile's side in metres.

    """
    return _native_pixels(*layer.pixels_at(*square(latitude, longitude, size_m, 3)))


def _native_pixels(columns: _Float, rows: _Float) -> float:
    """Measure the middle lines of a lattice in pixels, and take the longer one."""
    middle, last = len(columns) // 2, len(columns) - 1
    ends = [((middle, 0), (middle, last)), ((0, middle), (last, middle))]
    return max(float(np.hypot(columns[a] - columns[b], rows[a] - rows[b])) for a, b in ends)


def _densified(lattice: _Float, size: int) -> _Float:
    """Interpolate a lattice, whose outer nodes lie on the edges, at `size` pixel centres."""
    at = (np.arange(size) + 0.5) / size * (len(lattice) - 1)
    left = np.minimum(at.astype(np.int64), len(lattice) - 2)
    weights = np.zeros((size, len(lattice)))
    weights[np.arange(size), left] = 1 - (at - left)
    weights[np.arange(size), left + 1] = at - left
    return np.asarray(weights @ lattice @ weights.T)


def _lies_in(layer: Layer, columns: _Float, rows: _Float) -> NDArray[np.bool_]:
    """Tell which positions lie in a raster; a pixel beside it still counts."""
    in_columns = (columns > -1) & (columns < layer.width + 1)
    return np.asarray(in_columns & (rows > -1) & (rows < layer.height + 1))


def _paint(
    image: NDArray[np.uint8],
    valid: NDArray[np.bool_],
    layer: Layer,
    columns: _Float,
    rows: _Float,
) -> None:
    """Draw what one layer shows at `columns` and `rows`, each of the image's size."""
    step = _native_pixels(columns, rows) / len(image)
    step = step if step > _KEEP_BELOW else 1.0
    across, down = _span(columns, layer.width, step), _span(rows, layer.height, step)
    if across is None or down is None:
        return
    window = Window(across[0], down[0], across[1], down[1])
    width, height = (max(1, round(length / step)) for length in (window.width, window.height))
    pixels = layer.read(window, width, height)
    x = ((columns - window.column) * (width / window.width) - 0.5).astype(np.float32)
    y = ((rows - window.row) * (height / window.height) - 0.5).astype(np.float32)
    colours = cv2.remap(pixels[..., :3], x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    data = cv2.remap(np.ascontiguousarray(pixels[..., 3]), x, y, cv2.INTER_NEAREST)
    cv2.copyTo(colours, data, image)
    valid |= data > 0


def _span(at: _Float, length: int, step: float) -> tuple[int, int] | None:
    """Return first and count of the pixels that `at` needs, or None if none lies in the raster."""
    margin = _MARGIN * step
    first = max(0, int(np.floor(at.min() - margin)))
    end = min(length, int(np.ceil(at.max() + margin)))
    inside = at.max() > 0 and at.min() < length
    return (first, end - first) if inside and end > first else None
