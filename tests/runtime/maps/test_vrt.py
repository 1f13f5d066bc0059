"""GDAL's mosaics are read as a list of files, and nothing that they say is followed elsewhere."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clnet.runtime.errors import DataError
from clnet.runtime.maps import read_map
from clnet.runtime.maps.vrt import files_of_mosaic

Write = Callable[..., Path]

SOURCE = """<{kind}><SourceFilename relativeToVRT="1">{name}</SourceFilename>
<SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" xSize="9" ySize="9"/>
<DstRect xOff="0" yOff="0" xSize="9" ySize="9"/>{more}</{kind}>"""


def mosaic(path: Path, *names: str, kind: str = "SimpleSource", more: str = "") -> Path:
    """Write a mosaic as gdalbuildvrt does: each file once a band."""
    sources = "".join(SOURCE.format(kind=kind, name=name, more=more) for name in names)
    bands = "".join(f'<VRTRasterBand band="{n}">{sources}</VRTRasterBand>' for n in (1, 2, 3))
    path.write_text(f'<VRTDataset rasterXSize="9" rasterYSize="9">{bands}</VRTDataset>')
    return path


def test_a_mosaic_is_the_map_of_its_files(geotiff: Write, tmp_path: Path) -> None:
    geotiff("sheets/a.tif")
    path = mosaic(tmp_path / "all.vrt", "sheets/a.tif")

    items = read_map(path, ground_size_m=60)
    alone = read_map(tmp_path / "sheets" / "a.tif", ground_size_m=60)

    assert items[0].id.startswith("all/60m/")
    assert np.array_equal(items[0].read(), alone[0].read())


def test_files_are_listed_once_in_the_order_of_the_mosaic(tmp_path: Path) -> None:
    path = mosaic(tmp_path / "all.vrt", "b.tif", "a.tif", "sub/c.TIFF", kind="ComplexSource")

    assert [file.name for file in files_of_mosaic(path)] == ["b.tif", "a.tif", "c.TIFF"]


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "/maps/other.tif",
        "../other.tif",
        "/vsicurl/http://127.0.0.1/a.tif",
        "http://127.0.0.1/../../../a.tif",
        "WMS:http://127.0.0.1",
        "a.vrt",
        "",
    ],
)
def test_files_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "maps").mkdir()
    path = mosaic(tmp_path / "maps" / "all.vrt", name)

    with pytest.raises(DataError, match="expected GeoTIFFs in the mosaic's own folder or below it"):
        files_of_mosaic(path)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "secret.tif").touch()
    (tmp_path / "maps" / "a.tif").symlink_to(tmp_path / "secret.tif")

    with pytest.raises(DataError, match="own folder"):
        files_of_mosaic(mosaic(tmp_path / "maps" / "all.vrt", "a.tif"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<VRTDataset>", "cannot read the mosaic"),
        ("<VRTDataset/>", "names no files"),
        ('<VRTDataset subClass="VRTWarpedDataset"/>', "got VRTWarpedDataset"),
        ("<VRTDataset><GDALWarpOptions/></VRTDataset>", "got GDALWarpOptions; write it out"),
        ("<VRTDataset><PixelFunctionCode/></VRTDataset>", "got PixelFunctionCode"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><VRTDataset/>', "got XML with a DOCTYPE"),
    ],
)
def test_what_is_no_plain_mosaic_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "all.vrt"
    path.write_text(text)

    with pytest.raises(DataError, match=message):
        files_of_mosaic(path)


def test_a_source_that_changes_its_pixels_is_refused(tmp_path: Path) -> None:
    path = mosaic(tmp_path / "all.vrt", "a.tif", more="<ScaleRatio>2</ScaleRatio>")

    with pytest.raises(DataError, match=r"expected a plain mosaic .* got ScaleRatio"):
        files_of_mosaic(path)
