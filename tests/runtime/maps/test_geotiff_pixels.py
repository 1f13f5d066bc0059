"""Tiles of GeoTIFFs have three channels of 8 bits, whatever the map holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.errors import EmptyTile
from clnet.runtime.maps import read_map

rasterio = pytest.importorskip("rasterio", reason="GeoTIFFs are read with clnet[maps]")

Write = Callable[..., Path]
Errors = Callable[..., NDArray[np.float64]]


def test_black_fills_what_holds_no_data(geotiff: Write) -> None:
    def west_is_missing(pixels: NDArray[Any]) -> NDArray[Any]:
        pixels[:, :, :200] = 0
        return pixels

    path = geotiff(change=west_is_missing, nodata=0)
    items = read_map(path, ground_size_m=60, overlap=0.5, min_covered=0)
    covered = [float((item.read() > 0).any(axis=2).mean()) for item in items]

    assert min(covered) == 0.0
    assert max(covered) == 1.0
    assert any(0.2 < share < 0.8 for share in covered)


def test_tiles_mostly_without_data_are_empty(geotiff: Write) -> None:
    def transparent_south(pixels: NDArray[Any]) -> NDArray[Any]:
        alpha = np.full((1, 400, 400), 255, np.uint8)
        alpha[:, 200:] = 0
        return np.concatenate([pixels, alpha])

    path = geotiff(change=transparent_south)
    items = read_map(path, ground_size_m=60, overlap=0.5)
    southern, northern = items[-1], items[0]

    assert northern.read().any()
    with pytest.raises(EmptyTile, match="0% of the tile holds data, expected at least 50%"):
        southern.read()


def _grey(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels[:1]


def _sixteen_bits(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels.astype(np.uint16) * 257


def _with_infrared_first(pixels: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([255 - pixels[:1], pixels])


def test_a_grey_map_becomes_rgb(geotiff: Write) -> None:
    image = read_map(geotiff(change=_grey), ground_size_m=60)[0].read()

    assert (image[..., 0] == image[..., 1]).all()
    assert image.std() > 20


def test_numbers_of_16_bits_are_scaled_by_their_range(geotiff: Write, errors_of: Errors) -> None:
    item = read_map(geotiff(change=_sixteen_bits, photometric="rgb"), ground_size_m=60)[0]

    assert errors_of(item).max() < 4.0


def test_numbers_of_12_bits_are_scaled_by_the_bits_in_use(
    geotiff: Write, errors_of: Errors
) -> None:
    path = geotiff(change=lambda p: p.astype(np.uint16) * 16, nbits=12, photometric="rgb")

    assert errors_of(read_map(path, ground_size_m=60)[0]).max() < 4.0


def test_colours_are_taken_by_their_meaning(geotiff: Write, errors_of: Errors) -> None:
    from rasterio.enums import ColorInterp as Colour

    path = geotiff(change=_with_infrared_first)
    with rasterio.open(path, "r+") as dataset:
        dataset.colorinterp = [Colour.undefined, Colour.red, Colour.green, Colour.blue]

    assert errors_of(read_map(path, ground_size_m=60)[0]).max() < 4.0


def test_a_palette_is_looked_up(geotiff: Write) -> None:
    path = geotiff(change=lambda pixels: (pixels[:1] > 128).astype(np.uint8))
    with rasterio.open(path, "r+") as dataset:
        dataset.write_colormap(1, {0: (250, 10, 20, 255), 1: (30, 40, 240, 255)})

    pixels = read_map(path, ground_size_m=60)[0].read().reshape(-1, 3)

    assert {(250, 10, 20), (30, 40, 240)} <= {tuple(pixel) for pixel in pixels.tolist()}
