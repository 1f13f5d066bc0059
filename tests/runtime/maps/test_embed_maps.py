"""`clnet-embed` from a map to a gallery, as a user types it."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from clnet.runtime.bundle import Bundle
from clnet.runtime.cli import embed
from clnet.runtime.gallery import Gallery
from clnet.runtime.images import read_image
from clnet.runtime.maps import read_map
from clnet.runtime.maps.opening import open_map
from clnet.runtime.maps.sampling import cut
from clnet.runtime.maps.tile import MapTile
from clnet.runtime.pictures import read_picture

Write = Callable[..., Path]

HELSINKI = Path(__file__).parents[4] / "shared" / "data" / "helsinki"


def run(bundle: Bundle, source: Path | str, gallery: Path, *more: object) -> Result:
    pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")
    words = [bundle.path, source, "--view", "satellite", "--gallery", gallery, *more]
    return CliRunner().invoke(embed, [str(word) for word in words])


def refusal(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    return result.stderr


def test_an_orthophoto_becomes_a_gallery_in_one_command(
    tiny_bundle: Bundle, geotiff: Write, tmp_path: Path
) -> None:
    path = geotiff(crs="EPSG:3857")

    result = run(tiny_bundle, path, tmp_path / "g", "--tile-m", 60, "--overlap", 0.5)

    count = len(read_map(path, ground_size_m=60, overlap=0.5))
    assert result.stderr == f"ortho.tif: {count} tiles of 60 m, every 30 m\n"
    assert result.stdout.startswith(f"embedded {count}  skipped 0  failed 0  ")
    rows = Gallery.open(tmp_path / "g").read()
    for label, latitude, longitude in zip(rows.ids, rows.latitudes, rows.longitudes, strict=True):
        assert label == f"ortho/60m/{latitude:.7f},{longitude:.7f}"


def test_a_gallerys_path_column_leads_to_the_picture(
    tiny_bundle: Bundle, tile_folder: Write, tmp_path: Path
) -> None:
    path = tile_folder()
    run(tiny_bundle, path, tmp_path / "g", "--tile-m", 60)

    locator = Gallery.open(tmp_path / "g").read().paths[0]

    assert np.array_equal(read_picture(locator), read_map(path, ground_size_m=60)[0].read())


def test_a_second_run_skips_what_is_there_and_takes_another_size(
    tiny_bundle: Bundle, mbtiles: Write, tmp_path: Path
) -> None:
    path = mbtiles()
    first = run(tiny_bundle, path, tmp_path / "g", "--tile-m", 60)
    count = len(Gallery.open(tmp_path / "g"))

    again = run(tiny_bundle, path, tmp_path / "g", "--tile-m", 60)
    larger = run(tiny_bundle, path, tmp_path / "g", "--tile-m", 100)

    assert first.exit_code == 0
    assert again.stdout.startswith(f"embedded 0  skipped {count}  failed 0  ")
    assert " skipped 0 " in larger.stdout


def test_tiles_without_data_are_left_out_and_counted(
    tiny_bundle: Bundle, tile_folder: Write, tmp_path: Path
) -> None:
    path = tile_folder()
    for file in sorted((path / "18").iterdir())[1].iterdir():
        file.unlink()
    figures = tmp_path / "figures.json"

    result = run(tiny_bundle, path, tmp_path / "g", "--tile-m", 30, "--json", figures)

    counted = json.loads(figures.read_text())
    assert result.exit_code == 0
    assert counted["empty"] > 0
    assert counted["failed"] == 0
    assert f"  failed 0  empty {counted['empty']}  " in result.stdout
    assert counted["embedded"] + counted["empty"] == len(read_map(path, ground_size_m=30))


def test_damaged_parts_of_a_map_are_listed_and_the_rest_is_done(
    tiny_bundle: Bundle, tile_folder: Write, tmp_path: Path
) -> None:
    path = tile_folder()
    min((path / "18").rglob("*.png")).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(90))

    result = run(tiny_bundle, path, tmp_path / "g", "--tile-m", 30)

    assert result.exit_code == 1
    assert len(Gallery.open(tmp_path / "g")) > 20
    listed = (tmp_path / "g" / "failed.jsonl").read_text().splitlines()
    assert len(listed) > 0
    assert "#" in json.loads(listed[0])["path"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--overlap", 0.5), "--overlap is about maps: it needs --tile-m"),
        (("--zoom", 18), "--zoom is about maps"),
        (("--tile-m", 70), "is no map: expected a GeoTIFF"),
    ],
)
def test_a_folder_of_plain_pictures_is_no_map(
    tiny_bundle: Bundle, tmp_path: Path, words: tuple[object, ...], message: str
) -> None:
    (tmp_path / "pictures").mkdir()
    cv2.imwrite(str(tmp_path / "pictures" / "1.png"), np.zeros((9, 9, 3), np.uint8))

    result = run(tiny_bundle, tmp_path / "pictures", tmp_path / "g", *words)

    assert message in refusal(result)
    assert not (tmp_path / "g").exists()


def test_a_map_without_a_tile_size_is_refused(
    tiny_bundle: Bundle, mbtiles: Write, tmp_path: Path
) -> None:
    result = run(tiny_bundle, mbtiles(), tmp_path / "g")

    assert "scene.mbtiles is a map: say how large its tiles shall be (--tile-m)" in refusal(result)


def test_a_geotiff_without_rasterio_names_the_extra(
    tiny_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rasterio", None)
    (tmp_path / "ortho.tif").touch()

    result = run(tiny_bundle, tmp_path / "ortho.tif", tmp_path / "g", "--tile-m", 70)

    assert refusal(result) == "error: rasterio is not installed: pip install '.[maps]'\n"


def test_a_tif_without_a_tile_size_is_a_picture(
    tiny_bundle: Bundle, geotiff: Write, tmp_path: Path
) -> None:
    result = run(tiny_bundle, geotiff(), tmp_path / "g")

    assert result.stdout.startswith("embedded 1 ")
    assert Gallery.open(tmp_path / "g").ids() == ["ortho"]


@pytest.fixture(scope="module")
def helsinki() -> list[dict[str, str]]:
    if not HELSINKI.is_dir():
        pytest.skip("needs ../shared/data/helsinki")
    with (HELSINKI / "places.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def sheet(row: dict[str, str], path: Path) -> NDArray[np.uint8]:
    """Wrap a place's orthophoto, 250 m around it on Finland's grid, in a GeoTIFF."""
    rasterio = pytest.importorskip("rasterio", reason="GeoTIFFs are read with clnet[maps]")
    from rasterio.warp import transform

    image = read_image(HELSINKI / row["satellite"])
    place: Any = ([float(row["longitude"])], [float(row["latitude"])])
    (x,), (y,) = transform("EPSG:4326", "EPSG:3067", *place)
    where = rasterio.Affine(0.5, 0, x - 125, 0, -0.5, y + 125)
    form = {"height": 500, "width": 500, "count": 3, "dtype": "uint8", "crs": "EPSG:3067"}
    with rasterio.open(path, "w", driver="GTiff", transform=where, **form) as dataset:
        dataset.write(np.moveaxis(image, -1, 0))
    return image


def test_orthophotos_of_helsinki_are_cut_as_they_are(
    helsinki: list[dict[str, str]], tmp_path: Path
) -> None:
    """The middle 100 m are the photograph's middle 200 pixels, turned by 1.8 degrees at most."""
    for row in helsinki[:3]:
        image = sheet(row, tmp_path / f"{row['id']}.tif")
        tile = MapTile(
            tmp_path / f"{row['id']}.tif", float(row["latitude"]), float(row["longitude"]), 100.0
        )

        picture = cut(open_map(tile.map, None), tile)

        assert picture.covered == 1.0
        assert picture.image.shape == (200, 200, 3)
        middle = image[150:350, 150:350]
        turned = _turned_to_true_north(image, float(row["longitude"]), float(row["latitude"]))
        assert np.abs(picture.image.astype(int) - turned).mean() < 1.0
        assert np.corrcoef(picture.image.ravel(), turned.ravel())[0, 1] > 0.999
        assert np.corrcoef(picture.image.ravel(), middle.ravel())[0, 1] < 0.98


def _turned_to_true_north(
    image: NDArray[np.uint8], longitude: float, latitude: float
) -> NDArray[np.uint8]:
    """Undo the convergence of Finland's grid, whose meridian is 27 E: west of it, to the left."""
    left_deg = (27 - longitude) * np.sin(np.radians(latitude))
    turn = cv2.getRotationMatrix2D((249.5, 249.5), left_deg, 1.0)
    turned = cv2.warpAffine(image, turn, (500, 500), flags=cv2.INTER_CUBIC)
    return np.asarray(turned[150:350, 150:350], np.uint8)


@pytest.mark.slow
def test_orthophotos_of_helsinki_become_one_gallery(
    tiny_bundle: Bundle, helsinki: list[dict[str, str]], tmp_path: Path
) -> None:
    """Ten sheets kilometres apart: only their own ground is listed, and it lies where it is."""
    (tmp_path / "sheets").mkdir()
    for row in helsinki:
        sheet(row, tmp_path / "sheets" / f"{row['id']}.tif")

    result = run(tiny_bundle, tmp_path / "sheets", tmp_path / "g", "--tile-m", 70, "--overlap", 0.5)

    assert result.exit_code == 0, result.output
    rows = Gallery.open(tmp_path / "g").read()
    for row in helsinki:
        north = (rows.latitudes - float(row["latitude"])) * 111_412
        east = (rows.longitudes - float(row["longitude"])) * 55_400
        near = (abs(north) < 125) & (abs(east) < 125)
        assert 20 <= near.sum() <= 40
    assert len(rows.ids) < 10 * 50
