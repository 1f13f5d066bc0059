"""The polygons of a GeoJSON file, and nothing else that such a file may hold."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BaseModel,
    Field,
    TypeAdapter,
    ValidationError,
)

from ..artifact import MAX_JSON_BYTES, validation_summary
from ..errors import DataError
from ..geo import position_problem

Ring = tuple[tuple[float, ...], ...]
"""Positions (longitude, latitude) in degrees; the last is the first."""

_WGS84 = {"urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"}


def read_polygons(path: Path) -> tuple[tuple[Ring, ...], ...]:
    """
    Read every polygon of a file.

    Raises:
        DataError: as `Polygon.read` says.

    """
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            raise DataError(f"{path}: more than {MAX_JSON_BYTES} bytes of GeoJSON")
        return _FILE.validate_json(path.read_bytes()).polygons()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    except ValidationError as error:
        raise DataError(
            f"{path}: expected GeoJSON of a Polygon or MultiPolygon in longitude and latitude; "
            f"{validation_summary(error)}"
        ) from error


def _checked_position(position: tuple[float, ...]) -> tuple[float, float]:
    longitude, latitude = position[:2]  # a third number is a height
    problem = position_problem(latitude, longitude)
    if problem:
        raise ValueError(f"{problem} (a position is [longitude, latitude])")
    return longitude, latitude


def _checked_ring(ring: Ring) -> Ring:
    if ring[0] != ring[-1]:
        raise ValueError(f"the ring is not closed: repeat its first position {list(ring[0])}")
    return ring


_Number = Annotated[float, AllowInfNan(False)]
_Position = Annotated[
    tuple[_Number, ...], Field(min_length=2, max_length=4), AfterValidator(_checked_position)
]
_Ring = Annotated[tuple[_Position, ...], Field(min_length=4), AfterValidator(_checked_ring)]
_Rings = Annotated[tuple[_Ring, ...], Field(min_length=1)]


class _CrsName(BaseModel):
    name: str


class _Crs(BaseModel):
    properties: _CrsName


def _checked_crs(crs: _Crs | None) -> None:
    if crs is not None and crs.properties.name not in _WGS84:
        raise ValueError(
            f"the reference system {crs.properties.name} is not read: save the file as WGS84, "
            "as RFC 7946 asks"
        )


class _Object(BaseModel):
    crs: Annotated[_Crs | None, AfterValidator(_checked_crs)] = None


class _Polygon(_Object):
    type: Literal["Polygon"]
    coordinates: _Rings

    def polygons(self) -> tuple[tuple[Ring, ...], ...]:
        return (self.coordinates,)


class _MultiPolygon(_Object):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[tuple[_Rings, ...], Field(min_length=1)]

    def polygons(self) -> tuple[tuple[Ring, ...], ...]:
        return self.coordinates


class _Feature(_Object):
    type: Literal["Feature"]
    geometry: Annotated[_Polygon | _MultiPolygon, Field(discriminator="type")]

    def polygons(self) -> tuple[tuple[Ring, ...], ...]:
        return self.geometry.polygons()


class _FeatureCollection(_Object):
    type: Literal["FeatureCollection"]
    features: Annotated[tuple[_Feature, ...], Field(min_length=1)]

    def polygons(self) -> tuple[tuple[Ring, ...], ...]:
        return tuple(rings for feature in self.features for rings in feature.polygons())


_FILE: TypeAdapter[_Polygon | _MultiPolygon | _Feature | _FeatureCollection] = TypeAdapter(
    Annotated[_Polygon | _MultiPolygon | _Feature | _FeatureCollection, Field(discriminator="type")]
)
