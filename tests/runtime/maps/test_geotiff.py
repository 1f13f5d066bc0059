"""Tiles of GeoTIFFs show the ground at their coordinates, north up, at their size."""

import http.server
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.errors import DataError, EmptyTile
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


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"crs": None}, "no coordinate reference system or no geotransform; write both"),
        ({"change": lambda p: p.astype(np.float32)}, "uint8 or uint16, got float32; scale them"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_the_remedy(
    geotiff: Write, form: dict[str, Any], message: str
) -> None:
    crs = {"crs": form.pop("crs")} if "crs" in form else {}
    path = geotiff(**form)
    if crs:
        with rasterio.open(path) as dataset:
            pixels, profile = dataset.read(), dataset.profile
        with rasterio.open(path, "w", **profile | crs) as dataset:
            dataset.write(pixels)

    with pytest.raises(DataError, match=message):
        read_map(path, ground_size_m=60)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"crs": 'LOCAL_CS["building",UNIT["metre",1]]'}, "Cannot find coordinate operations"),
        ({"crs": "+proj=longlat +R=1737400 +no_defs"}, "Cannot find coordinate operations"),
        ({"transform": (0.5, 0, 1e30, 0, -0.5, 0)}, "cannot read the GeoTIFF"),
        ({"transform": (0.5, 0, 9, 0.5, 0, 9)}, "or no geotransform"),
        ({"transform": (float("nan"), 0, 9, 0, -0.5, 9)}, "its edge has no latitude and longitude"),
    ],
    ids=["a building", "the moon", "far away", "flat", "nan"],
)
def test_places_that_are_not_on_the_globe_are_refused_in_one_line(
    tmp_path: Path, form: dict[str, Any], message: str
) -> None:
    path = tmp_path / "odd.tif"
    shape = {"driver": "GTiff", "count": 3, "height": 50, "width": 50, "dtype": "uint8"}
    where = rasterio.Affine(*form.get("transform", (0.5, 0, 385_000, 0, -0.5, 6_672_000)))
    with rasterio.open(path, "w", crs=form.get("crs", "EPSG:3067"), transform=where, **shape):
        pass

    with pytest.raises(DataError, match=message) as refused:
        read_map(path, ground_size_m=20)

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("west", "north", "message"),
    [(179.9, 10.0, "antimeridian"), (359.0, 10.0, "antimeridian"), (10.0, 89.9, "before the pole")],
)
def test_the_antimeridian_and_the_poles_are_refused(
    tmp_path: Path, west: float, north: float, message: str
) -> None:
    where = rasterio.Affine(0.01, 0, west, 0, -0.01, north)
    form = {"driver": "GTiff", "count": 3, "height": 50, "width": 50, "dtype": "uint8"}
    with rasterio.open(tmp_path / "far.tif", "w", crs="EPSG:4326", transform=where, **form):
        pass

    with pytest.raises(DataError, match=message):
        read_map(tmp_path / "far.tif", ground_size_m=5000)


def test_a_map_of_huge_blocks_is_refused(geotiff: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clnet.runtime.maps.geotiff.MAX_BLOCK_BYTES", 3 * 128 * 128 - 1)

    with pytest.raises(DataError, match="blocks of at most 49,151 bytes, got 49,152; tile it"):
        read_map(geotiff(), ground_size_m=60)


def test_a_map_cut_short_fails_where_it_is_damaged_only(geotiff: Write) -> None:
    path = geotiff(compress="deflate", blockxsize=64, blockysize=64, interleave="pixel")
    items = read_map(path, ground_size_m=30)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)

    outcomes = []
    for item in read_map(path, ground_size_m=30):
        try:
            outcomes.append(item.read().any())
        except DataError as error:
            assert "cannot read the GeoTIFF" in str(error)  # noqa: PT017
            outcomes.append(None)

    assert len(outcomes) == len(items)
    assert outcomes.count(None) > 1
    assert outcomes.count(True) > 1


class _Counting(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.visits.append(self.path)  # type: ignore[attr-defined]
        self.send_error(404)

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[Any]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Counting) as server:
        server.visits = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("scheme", ["/vsicurl/http", "http"])
def test_a_map_that_names_overviews_on_a_host_makes_no_visit(
    geotiff: Write, host: Any, scheme: str
) -> None:
    path = geotiff()
    with rasterio.open(path, "r+") as dataset:
        address = f"{scheme}://127.0.0.1:{host.server_port}/overviews.tif"
        dataset.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=address)

    with pytest.raises(DataError, match="overviews lie in another file, which is not followed"):
        read_map(path, ground_size_m=60)

    assert host.visits == []


def test_files_beside_a_map_are_not_followed(
    geotiff: Write, host: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clnet.runtime.maps.sampling.MAX_TILE_PIXELS", 16)  # asks for overviews
    path = geotiff()
    address = f"http://127.0.0.1:{host.server_port}/overviews.tif"
    path.with_name("ortho.tif.aux.xml").write_text(
        f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{address}</MDI>'
        "</Metadata></PAMDataset>"
    )
    path.with_name("ortho.tif.ovr").write_text(
        '<VRTDataset rasterXSize="200" rasterYSize="200"><VRTRasterBand dataType="Byte" band="1">'
        f"<SimpleSource><SourceFilename>/vsicurl/{address}</SourceFilename></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )

    assert read_map(path, ground_size_m=60)[0].read().any()
    assert host.visits == []


def test_options_of_gdal_are_as_before(geotiff: Write) -> None:
    from rasterio._env import get_gdal_config

    read_map(geotiff(), ground_size_m=60)[0].read()

    assert get_gdal_config("GDAL_PAM_ENABLED") is None
    assert get_gdal_config("GDAL_DISABLE_READDIR_ON_OPEN") is None
