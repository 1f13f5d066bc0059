"""Maps that cannot be used are refused; damage and strange files do no harm."""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.errors import DataError
from clnet.runtime.maps import read_map

rasterio = pytest.importorskip("rasterio", reason="GeoTIFFs are read with clnet[maps]")

Write = Callable[..., Path]
Errors = Callable[..., NDArray[np.float64]]


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
