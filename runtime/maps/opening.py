"""What a path to a map means."""

import glob
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

from ..errors import ConfigError, DataError
from .geotiff import open_geotiff
from .layer import Layer
from .mbtiles import open_mbtiles
from .pyramid import TileStore, open_level
from .sampling import MAX_TILE_PIXELS, native_pixels
from .tile_folder import is_tile_folder, open_tile_folder
from .vrt import files_of_mosaic

GEOTIFF_SUFFIXES = frozenset({".tif", ".tiff"})

_LOCK = Lock()


def open_map(path: Path, zoom: int | None) -> Sequence[Layer]:
    """
    Open a map, or take it from the last few that were opened.

    Args:
        path: see `read_map`.
        zoom: level of a tile pyramid, None for GeoTIFFs.

    Returns:
        Its rasters, at least one, the topmost last.

    Raises:
        DataError: it is no map, or one that cannot be used.
        ExtraMissing: it takes rasterio, which is not installed.

    """
    with _LOCK:  # one of the reading threads opens it, the others wait
        return _open(path, zoom)


def look_anew() -> None:
    """Forget the maps that were opened: they may have changed since."""
    _open.cache_clear()


def choose_zoom(path: Path, zoom: int | None, size_m: float) -> int | None:
    """
    Choose the level of a pyramid that tiles are cut from.

    Args:
        path: a map.
        zoom: what the user wants, or None.
        size_m: a tile's side in metres.

    Returns:
        `zoom` if it is given; else the lowest level that has `MAX_TILE_PIXELS` along a tile's
        side, or the highest there is; None for GeoTIFFs.

    Raises:
        ConfigError: a zoom is given for GeoTIFFs.
        DataError: it is no pyramid that can be used.

    """
    if not _is_pyramid(path):
        if zoom is not None:
            raise ConfigError(f"{path} is no tile pyramid: it has no zoom {zoom}")
        return None
    if zoom is not None:
        return zoom
    store = _open_pyramid(path)
    highest = store.zooms()[-1]
    (level,) = open_map(path, highest)
    extent = level.extent
    middle = (extent.south + extent.north) / 2, (extent.west + extent.east) / 2
    finest = native_pixels(level, *middle, size_m)
    enough = (zoom for zoom in store.zooms() if finest / 2 ** (highest - zoom) >= MAX_TILE_PIXELS)
    return next(enough, highest)


@lru_cache(maxsize=4)
def _open(path: Path, zoom: int | None) -> tuple[Layer, ...]:
    if _is_pyramid(path):
        store = _open_pyramid(path)
        return (open_level(store, store.zooms()[-1] if zoom is None else zoom),)
    files = files_of_mosaic(path) if path.suffix.lower() == ".vrt" else _geotiffs(path)
    if not files:
        raise DataError(
            f"{path} is no map: expected a GeoTIFF, a folder or mosaic (.vrt) of GeoTIFFs, "
            "a folder of XYZ tiles (zoom/column/row.png) or an MBTiles file"
        )
    return tuple(open_geotiff(file) for file in files)


def _is_pyramid(path: Path) -> bool:
    return (path.suffix.lower() == ".mbtiles" and path.is_file()) or is_tile_folder(path)


def _open_pyramid(path: Path) -> TileStore:
    return open_tile_folder(path) if path.is_dir() else open_mbtiles(path)


def _geotiffs(path: Path) -> list[Path]:
    """List the TIFFs of a file, a folder with its sub-folders, or a glob, sorted."""
    found: Iterable[Path]
    if path.is_dir():
        found = path.rglob("*")
    elif path.is_file() or not glob.has_magic(str(path)):
        found = [path] if path.is_file() else []
    else:
        found = map(Path, glob.iglob(str(path), recursive=True))  # noqa: PTH207
    return sorted(file for file in found if file.suffix.lower() in GEOTIFF_SUFFIXES)
