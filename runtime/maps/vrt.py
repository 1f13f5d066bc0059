"""
GDAL's mosaics (.vrt), read as the list of files that they name.

GDAL's own driver would open whatever a VRT names: any file, of any format, on any host. So
the XML is read here, and only the plain mosaics that `gdalbuildvrt` writes are taken.
"""

from pathlib import Path
from xml.etree import ElementTree

from ..errors import DataError

MAX_VRT_BYTES = 256 * 2**20
"""Some 200,000 files."""

_PLAIN = frozenset(
    "VRTDataset SRS GeoTransform Metadata MDI OverviewList VRTRasterBand ColorInterp NoDataValue "
    "HideNoDataValue ColorTable Entry MaskBand SimpleSource ComplexSource SourceFilename "
    "SourceBand SourceProperties SrcRect DstRect NODATA UseMaskBand".split()
)
"""The elements of a mosaic that changes nothing in the pixels."""


def files_of_mosaic(path: Path) -> list[Path]:
    """
    List the files of a mosaic, the topmost last.

    Args:
        path: a .vrt file as `gdalbuildvrt` writes it.

    Returns:
        GeoTIFFs at least one, below the folder of `path`.

    Raises:
        DataError: it is no plain mosaic, or names a file elsewhere.

    """
    root = _parsed(path)
    foreign = sorted({element.tag for element in root.iter()} - _PLAIN)
    if foreign or root.get("subClass") is not None:
        raise DataError(
            f"{path}: expected a plain mosaic as gdalbuildvrt writes it, got "
            f"{foreign[0] if foreign else root.get('subClass')}; "
            f"write it out: gdal_translate -of COG {path.name} COPY.tif"
        )
    named = dict.fromkeys(_file(path, element) for element in root.iter("SourceFilename"))
    if not named:
        raise DataError(f"{path} names no files")
    return list(named)


def _parsed(path: Path) -> ElementTree.Element:
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MAX_VRT_BYTES:
            raise DataError(f"{path}: expected at most {MAX_VRT_BYTES:,} bytes, got {size_bytes:,}")
        text = path.read_bytes()
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise DataError(f"{path}: expected a mosaic of GDAL, got XML with a DOCTYPE")
        return ElementTree.fromstring(text)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    except ElementTree.ParseError as error:
        raise DataError(f"cannot read the mosaic {path}: {error}") from error


def _file(path: Path, element: ElementTree.Element) -> Path:
    name = element.text or ""
    folder = path.parent.resolve()
    file = (folder / name).resolve()
    if not file.is_relative_to(folder) or file.suffix.lower() not in (".tif", ".tiff"):
        raise DataError(
            f"{path} names {name!r}: expected GeoTIFFs in the mosaic's own folder or below it"
        )
    return file
