"""Tiles of GeoTIFFs show the ground at their coordinates, north up, at their size."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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

UTM_FAR_EAST = "EPSG:32634"
"""Zone 34 is centred on 21 E: at 25 E its north is 3.5 degrees off."""


@pytest.mark.parametrize(
    "form",
    [
        {"crs": "EPSG:3067"},
        {"crs": UTM_FAR_EAST},
        {"crs": "EPSG:3857"},
        {"crs": "EPSG:4326"},
        {"crs": "EPSG:3067", "turn_deg": 30.0},
        {"crs": "EPSG:3067", "south_up": True},
        {"crs": "+proj=utm +zone=35 +units=us-ft", "metres": 0.5 * 3937 / 1200},
    ],
    ids=[
        "utm",
        "utm far off its meridian",
        "web mercator",
        "degrees",
        "turned",
        "south up",
        "feet",
    ],
)
def test_every_tile_shows_the_ground_at_its_coordinates(
    geotiff: Write, errors_of: Errors, form: dict[str, Any]
) -> None:
    items = read_map(geotiff(**form), ground_size_m=60, overlap=0.5, min_covered=1.0)
    whole = [item for item in items if not _is_cut_off(item)]

    assert len(whole) >= 9
    for item in whole:
        # 1.6 grey levels are 10 cm where a wave is steepest; a pixel is 50 cm
        assert errors_of(item).mean() < 1.0
        assert errors_of(item).max() < 4.0


def _is_cut_off(item: Any) -> bool:
    try:
        item.read()
    except EmptyTile:
        return True
    return False


def test_a_mark_to_the_north_is_above_the_middle(geotiff: Write) -> None:
    """In a map turned by 30 degrees, and without the tables that the other tests rely on."""
    (x,), (y,) = rasterio.warp.transform("EPSG:4326", "EPSG:3067", [25.0], [60.0])
    path = geotiff(turn_deg=30.0, change=lambda pixels: pixels // 4)
    items = read_map(path, ground_size_m=60, overlap=0.5)
    item = min(items, key=lambda one: abs(one.latitude - 60) + abs(one.longitude - 25))
    north_of_it = f"+proj=aeqd +lat_0={item.latitude} +lon_0={item.longitude}"
    (x,), (y,) = rasterio.warp.transform(north_of_it, "EPSG:3067", [0.0], [20.0])
    with rasterio.open(path, "r+") as dataset:
        row, column = dataset.index(x, y)
        white = np.full((3, 5, 5), 255, np.uint8)
        dataset.write(white, window=rasterio.windows.Window(column - 2, row - 2, 5, 5))

    image = item.read()

    rows, columns = np.nonzero(image.min(axis=2) > 200)
    assert len(rows) >= 9
    pixel_m = 60 / len(image)
    assert (rows.mean() + 0.5) * pixel_m == pytest.approx(30 - 20, abs=0.5)
    assert (columns.mean() + 0.5) * pixel_m == pytest.approx(30, abs=0.5)


def test_a_tile_has_the_resolution_of_the_map(geotiff: Write) -> None:
    items = read_map(geotiff(metres=0.25, side=500), ground_size_m=40)

    assert items[0].read().shape == (160, 160, 3)


def test_a_map_finer_than_needed_is_averaged_down(
    geotiff: Write, errors_of: Errors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clnet.runtime.maps.sampling.MAX_TILE_PIXELS", 64)
    items = read_map(geotiff(metres=0.25, side=800), ground_size_m=64)

    assert items[0].read().shape == (64, 64, 3)
    assert errors_of(items[0]).max() < 4.0


def test_pixels_are_averaged_not_dropped(geotiff: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clnet.runtime.maps.sampling.MAX_TILE_PIXELS", 64)
    checkers = (np.indices((400, 400)).sum(axis=0) % 2 * 255).astype(np.uint8)
    path = geotiff(change=lambda _: np.broadcast_to(checkers, (3, 400, 400)))

    image = read_map(path, ground_size_m=128, overlap=0.5)[0].read()

    assert image.shape == (64, 64, 3)
    assert 100 < image.min() <= image.max() < 155


def test_detail_of_two_pixels_survives(geotiff: Write) -> None:
    """Linear interpolation between pixels, or a second resize, would lose half of it."""
    row = np.tile(np.asarray([50, 50, 200, 200], np.uint8), 100)
    path = geotiff(crs="EPSG:4326", change=lambda _: np.broadcast_to(row, (3, 400, 400)))

    image = read_map(path, ground_size_m=100, overlap=0.5)[0].read()

    assert image.shape == (200, 200, 3)
    assert image.std() > 0.85 * row.std()


def test_sheets_of_a_folder_are_one_map(geotiff: Write) -> None:
    """Two sheets that meet in the middle of the scene: tiles on the seam are whole."""
    whole = geotiff()
    with rasterio.open(whole) as dataset:
        for name, column in (("west", 0), ("east", 200)):
            window = rasterio.windows.Window(column, 0, 200, 400)
            a, b, c, d, e, f = dataset.transform[:6]
            where = rasterio.Affine(a, b, c + a * column, d, e, f + d * column)
            profile = dataset.profile | {"width": 200, "transform": where}
            (whole.parent / "sheets").mkdir(exist_ok=True)
            with rasterio.open(whole.parent / "sheets" / f"{name}.tif", "w", **profile) as sheet:
                sheet.write(dataset.read(window=window))

    together = read_map(whole.parent / "sheets", ground_size_m=60, overlap=0.5, min_covered=0)

    alone = read_map(whole, ground_size_m=60, overlap=0.5, min_covered=0)
    assert len(together) == len(alone) > 9
    for one, other in zip(together, alone, strict=True):
        assert (one.latitude, one.longitude) == (other.latitude, other.longitude)
        # beside the seam the kernel lacks half a pixel of its neighbour: 4 grey levels
        assert np.abs(one.read().astype(int) - other.read()).max() <= 6


@pytest.mark.parametrize("threads", [4])
def test_tiles_are_the_same_from_many_threads(geotiff: Write, threads: int) -> None:
    path = geotiff(compress="deflate", crs="EPSG:3857")
    items = read_map(path, ground_size_m=40, overlap=0.5)
    alone = [item.read() for item in items]

    with ThreadPoolExecutor(threads) as pool:
        together = list(pool.map(lambda item: item.read(), items))

    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_a_glob_of_sheets_is_a_map_named_after_its_folder(geotiff: Write) -> None:
    path = geotiff("town/a.tif", crs="EPSG:3857")

    items = read_map(path.parent / "*.tif", ground_size_m=60)

    assert items[0].id.startswith("town/60m/")
    assert np.array_equal(items[0].read(), read_map(path, ground_size_m=60)[0].read())


def test_a_map_that_was_written_anew_is_read_anew(geotiff: Write) -> None:
    first = read_map(geotiff(), ground_size_m=60)[0].read()

    second = read_map(geotiff(change=lambda pixels: 255 - pixels), ground_size_m=60)[0].read()

    assert np.abs(second.astype(int) - (255 - first)).max() <= 1


def test_tiles_over_the_edge_of_a_turned_map_are_left_out(geotiff: Write) -> None:
    path = geotiff(turn_deg=5.0)
    items = read_map(path, ground_size_m=60, overlap=0.5)
    kept = [item for item in items if not _is_cut_off(item)]

    assert 0 < len(kept) < len(items)
    assert all(item.read().any(axis=2).all() for item in kept)
    every = read_map(path, ground_size_m=60, overlap=0.5, min_covered=0)
    assert not all(item.read().any(axis=2).all() for item in every)
