"""
A scene whose colour is known at each position, and maps of it.

Waves of 40 m run north (red) and east (green), so that 10 cm show as more than one grey level;
blue falls along both, so that no two places are alike.
"""

import math
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

Array = NDArray[np.float64]

LATITUDE, LONGITUDE = 60.0, 25.0
NORTH_M, EAST_M = 111_412.24, 55_799.98
"""Metres of a degree of latitude and of longitude at 60 N, from tables of the WGS84 ellipsoid."""


def colours_at(latitudes: Array, longitudes: Array) -> NDArray[np.uint8]:
    north = (latitudes - LATITUDE) * NORTH_M
    east = (longitudes - LONGITUDE) * EAST_M
    red = 128 + 100 * np.sin(2 * np.pi * north / 40)
    green = 128 + 100 * np.sin(2 * np.pi * east / 40)
    blue = 128 + (2 * north + east) / 4
    return np.rint(np.clip(np.stack([red, green, blue], -1), 0, 255)).astype(np.uint8)


@pytest.fixture(scope="session")
def colours() -> Callable[..., NDArray[np.uint8]]:
    return colours_at


@pytest.fixture(scope="session")
def ground_truth() -> Callable[..., NDArray[np.uint8]]:
    """What a tile must look like: its pixels' positions by the tables, their colours."""

    def look(latitude: float, longitude: float, size_m: float, pixels: int) -> NDArray[np.uint8]:
        offsets = ((np.arange(pixels) + 0.5) / pixels - 0.5) * size_m
        latitudes, longitudes = np.meshgrid(
            latitude - offsets / NORTH_M, longitude + offsets / EAST_M, indexing="ij"
        )
        return colours_at(latitudes, longitudes)

    return look


@pytest.fixture(scope="session")
def errors_of(
    ground_truth: Callable[..., NDArray[np.uint8]],
) -> Callable[..., NDArray[np.float64]]:
    """Differences of a tile to what it must look like, [n, n, 3], without its outermost pixels."""

    def differences(item: Any) -> NDArray[np.float64]:
        image = item.read()
        truth = ground_truth(item.latitude, item.longitude, item.tile.ground_size_m, image.shape[0])
        return np.abs(image.astype(float) - truth)[2:-2, 2:-2]

    return differences


def place(crs: str, side: int, metres: float, turn_deg: float, south_up: bool) -> Any:
    """Return the geotransform of a square raster of the scene's middle."""
    from rasterio.transform import Affine
    from rasterio.warp import transform

    (x,), (y,) = transform("EPSG:4326", crs, [LONGITUDE], [LATITUDE])
    step = {
        "EPSG:4326": (metres / EAST_M, metres / NORTH_M),
        "EPSG:3857": (metres / math.cos(math.radians(LATITUDE)),) * 2,
    }.get(crs, (metres, metres))
    right, down = step[0], step[1] if south_up else -step[1]
    cos, sin = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    a, b, d, e = cos * right, -sin * down, sin * right, cos * down
    return Affine(a, b, x - (a + b) * side / 2, d, e, y - (d + e) * side / 2)


@pytest.fixture
def geotiff(tmp_path: Path) -> Callable[..., Path]:
    """Write a GeoTIFF of the scene; `change` may alter its pixels [bands, h, w]."""
    rasterio = pytest.importorskip("rasterio", reason="GeoTIFFs are read with clnet[maps]")
    from rasterio.warp import transform

    def write(
        name: str = "ortho.tif",
        *,
        crs: str = "EPSG:3067",
        side: int = 400,
        metres: float = 0.5,
        turn_deg: float = 0.0,
        south_up: bool = False,
        change: Callable[[NDArray[Any]], NDArray[Any]] = lambda pixels: pixels,
        **profile: Any,
    ) -> Path:
        where = place(crs, side, metres, turn_deg, south_up)
        columns, rows = np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5)
        x = where.a * columns.ravel() + where.b * rows.ravel() + where.c
        y = where.d * columns.ravel() + where.e * rows.ravel() + where.f
        longitudes, latitudes = transform(crs, "EPSG:4326", x, y)
        colours = colours_at(np.asarray(latitudes), np.asarray(longitudes))
        pixels = change(np.moveaxis(colours.reshape(side, side, 3), -1, 0))
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        form = {"crs": crs, "transform": where, "tiled": True, "blockxsize": 128, "blockysize": 128}
        shape = {"count": pixels.shape[0], "height": side, "width": side, "dtype": pixels.dtype}
        with rasterio.open(path, "w", driver="GTiff", **{**form, **shape, **profile}) as dataset:
            dataset.write(pixels)
        return path

    return write


ZOOM = 18
"""0.30 m a pixel of 256 at 60 N: a tile is 76 m wide."""


def scene_tiles(zoom: int, side: int, around: int) -> dict[tuple[int, int], NDArray[np.uint8]]:
    """Draw the scene's tiles [side, side, 3] in RGB by XYZ column and row."""
    world = side << zoom
    middle_column = int((LONGITUDE + 180) / 360 * (1 << zoom))
    north = math.asinh(math.tan(math.radians(LATITUDE))) / math.pi
    middle_row = int((1 - north) / 2 * (1 << zoom))
    drawn = {}
    for column in range(middle_column - around, middle_column + around + 1):
        for row in range(middle_row - around, middle_row + around + 1):
            x = (column * side + np.arange(side) + 0.5) / world
            y = (row * side + np.arange(side) + 0.5) / world
            # the Gudermannian function: another form of Mercator's inverse than the product's
            latitudes = np.degrees(2 * np.arctan(np.exp(np.pi * (1 - 2 * y))) - np.pi / 2)
            grid = np.meshgrid(latitudes, x * 360 - 180, indexing="ij")
            drawn[column, row] = colours_at(*grid)
    return drawn


def encoded(tile: NDArray[np.uint8], suffix: str) -> bytes:
    order = cv2.COLOR_RGB2BGR if tile.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    done, data = cv2.imencode(suffix, cv2.cvtColor(tile, order))
    assert done
    return bytes(data)


@pytest.fixture
def tile_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write the scene as an XYZ folder."""

    def write(
        name: str = "xyz",
        *,
        zooms: tuple[int, ...] = (ZOOM,),
        side: int = 256,
        suffix: str = ".png",
        around: int = 1,
        change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] = lambda tile: tile,
    ) -> Path:
        for zoom in zooms:
            for (column, row), tile in scene_tiles(zoom, side, around).items():
                file = tmp_path / name / str(zoom) / str(column) / f"{row}{suffix}"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(encoded(change(tile), suffix))
        return tmp_path / name

    return write


@pytest.fixture
def mbtiles(tmp_path: Path) -> Callable[..., Path]:
    """Write the scene as MBTiles, rows from the south."""

    def write(name: str = "scene.mbtiles", *, form: str = "png", zoom: int = ZOOM) -> Path:
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("CREATE TABLE metadata (name text, value text)")
            database.execute("INSERT INTO metadata VALUES ('format', ?)", (form,))
            database.execute(
                "CREATE TABLE tiles (zoom_level integer, tile_column integer, "
                "tile_row integer, tile_data blob)"
            )
            database.executemany(
                "INSERT INTO tiles VALUES (?, ?, ?, ?)",
                [
                    (zoom, column, (1 << zoom) - 1 - row, encoded(tile, ".png"))
                    for (column, row), tile in scene_tiles(zoom, 256, 1).items()
                ],
            )
        return path

    return write
