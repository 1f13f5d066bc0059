"""A gallery as GeoParquet 1.1: its schema, its metadata and its points."""

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from ..artifact import validation_summary
from ..errors import DataError
from ..preprocess import VIEWS, View
from .table import SPACE, VIEW, GalleryInfo, NumberFormat, embedding_type

if TYPE_CHECKING:
    import pyarrow

GEO = b"geo"
"""Key of the metadata, by https://geoparquet.org/releases/v1.1.0."""

_POINT = np.dtype([("little_endian", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
_WGS84 = {("OGC", "CRS84"), ("EPSG", "4326")}
_EMPTY_POINT = np.array([(1, 1, np.nan, np.nan)], _POINT).tobytes()


class _Column(BaseModel):
    encoding: str
    crs: dict[str, Any] | None = None


class _Geo(BaseModel):
    primary_column: str
    columns: dict[str, _Column]


def parquet_schema(info: GalleryInfo) -> "pyarrow.Schema":
    """Build the file's schema; positions stand in `geometry`, null where unknown."""
    import pyarrow as pa

    fields = [
        pa.field("id", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("geometry", pa.binary()),
        pa.field("embedding", embedding_type(info), nullable=False),
    ]
    return pa.schema(fields, metadata=info.metadata)


def geo_metadata(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> str:
    """Describe the column `geometry`: [N] degrees each, NaN where unknown."""
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
    known = ~np.isnan(latitudes)
    if known.any():
        x, y = longitudes[known], latitudes[known]
        column["bbox"] = [float(x.min()), float(y.min()), float(x.max()), float(y.max())]
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    return json.dumps(geo)


def info_of_parquet(
    name: str, schema: "pyarrow.Schema", metadata: dict[bytes, bytes]
) -> GalleryInfo:
    """
    Read what a file says of its embeddings and its points.

    Args:
        name: what the message calls the file.
        schema: the file's.
        metadata: the file's, which may say more than its schema's.

    Raises:
        DataError: `clnet-gallery export` did not write it, or it was changed beyond reading.

    """
    space, view = (metadata.get(key, b"").decode(errors="replace") for key in (SPACE, VIEW))
    if not space or view not in VIEWS or GEO not in metadata:
        raise DataError(
            f"{name}: expected GeoParquet of clnet-gallery export, with geo, "
            f"{SPACE.decode()} and {VIEW.decode()} in its metadata"
        )
    _check_geo(name, metadata[GEO])
    return _info_of_columns(name, schema, space, view)


def points_of(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> "pyarrow.Array":
    """Write positions [n] as WKB points (OGC 06-103r4, little-endian), null where unknown."""
    import pyarrow as pa

    points = np.empty(len(latitudes), _POINT)
    points["little_endian"], points["type"] = 1, 1
    points["x"], points["y"] = longitudes, latitudes
    unknown = np.isnan(latitudes)
    encoded = [
        None if lost else point.tobytes() for lost, point in zip(unknown, points, strict=True)
    ]
    return pa.array(encoded, pa.binary())


def positions_of(
    name: str, geometry: "pyarrow.Array"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Read WKB points back: latitudes and longitudes [n], NaN where null or empty.

    Raises:
        DataError: a geometry is no point in two dimensions.

    """
    encoded = geometry.to_pylist()
    lost = np.array([value is None for value in encoded], bool)
    values = [_EMPTY_POINT if value is None else value for value in encoded]
    if any(len(value) != _POINT.itemsize for value in values):
        raise DataError(f"{name}: expected WKB points in two dimensions, got other geometries")
    little = np.frombuffer(b"".join(values), _POINT)
    big = np.frombuffer(b"".join(values), _POINT.newbyteorder(">"))
    swapped = little["little_endian"] == 0
    kinds = np.where(swapped, big["type"], little["type"])
    if (kinds != 1).any() or (little["little_endian"] > 1).any():
        raise DataError(f"{name}: expected WKB points in two dimensions, got other geometries")
    x, y = (np.where(swapped, big[axis], little[axis]).astype(np.float64) for axis in "xy")
    x[lost], y[lost] = np.nan, np.nan
    return y, x


def _check_geo(name: str, text: bytes) -> None:
    try:
        geo = _Geo.model_validate_json(text)
    except ValidationError as error:
        raise DataError(f"{name}: metadata geo: {validation_summary(error)}") from error
    column = geo.columns.get("geometry")
    if column is None or column.encoding != "WKB":
        raise DataError(f"{name}: expected points in the column geometry, encoded as WKB")
    if "crs" not in column.model_fields_set:
        return  # GeoParquet's default: longitude and latitude on WGS84
    code = (column.crs or {}).get("id", {})
    if (code.get("authority"), str(code.get("code"))) not in _WGS84:
        raise DataError(
            f"{name}: expected longitude and latitude (OGC:CRS84), got {code or 'no CRS'}"
        )


def _info_of_columns(name: str, schema: "pyarrow.Schema", space: str, view: View) -> GalleryInfo:
    came = schema.remove_metadata()
    kind = came.field("embedding").type if "embedding" in came.names else None
    dim = int(getattr(kind, "list_size", 0))
    formats: tuple[NumberFormat, ...] = ("float32", "float16")
    for number_format in formats if dim > 0 else ():
        info = GalleryInfo(space, dim, view, number_format)
        if came.equals(parquet_schema(info).remove_metadata()):
            return info
    columns = ", ".join(f"{field.name}: {field.type}" for field in came)
    raise DataError(
        f"{name}: expected id, path, geometry and embedding as clnet-gallery export writes them, "
        f"got {columns}"
    )
