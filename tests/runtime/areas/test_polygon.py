"""Polygons follow the even-odd rule, hold their edges, and come from GeoJSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clnet.runtime.areas import Polygon
from clnet.runtime.errors import DataError

SQUARE = [[24, 60], [25, 60], [25, 61], [24, 61], [24, 60]]
HOLE = [[24.25, 60.25], [24.75, 60.25], [24.75, 60.75], [24.25, 60.75], [24.25, 60.25]]

Write = Callable[[Any], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: Any) -> Path:
        path = tmp_path / "area.geojson"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return to_file


def inside(polygon: Polygon, *positions: tuple[float, float]) -> list[bool]:
    """Ask for positions (longitude, latitude)."""
    longitudes, latitudes = np.array(positions, float).T
    return [bool(found) for found in polygon.contains(latitudes, longitudes)]


def test_holes_are_outside_and_every_edge_is_inside(write: Write) -> None:
    polygon = Polygon.read(write({"type": "Polygon", "coordinates": [SQUARE, HOLE]}))

    assert inside(polygon, (24.1, 60.1), (24, 60), (24.5, 61), (24.25, 60.5)) == [True] * 4
    assert inside(polygon, (24.5, 60.5), (23.9, 60.5), (24.5, 61.1), (25.1, 60)) == [False] * 4


def test_overlapping_polygons_are_a_union(write: Write) -> None:
    moved = [[x + 0.5, y] for x, y in SQUARE]
    polygon = Polygon.read(write({"type": "MultiPolygon", "coordinates": [[SQUARE], [moved]]}))

    assert inside(polygon, (24.1, 60.5), (24.7, 60.5), (25.4, 60.5)) == [True] * 3


def test_features_and_collections_are_opened(write: Write) -> None:
    feature = {"type": "Feature", "properties": {"name": "x"}, "geometry": None}
    feature["geometry"] = {"type": "Polygon", "coordinates": [SQUARE]}
    for content in (feature, {"type": "FeatureCollection", "features": [feature, feature]}):
        assert inside(Polygon.read(write(content)), (24.5, 60.5), (26, 60)) == [True, False]


def test_heights_are_passed_over_and_wgs84_may_be_named(write: Write) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    ring = [[*position, 12.5] for position in SQUARE]
    polygon = Polygon.read(write({"type": "Polygon", "crs": crs, "coordinates": [ring]}))

    assert inside(polygon, (24.5, 60.5)) == [True]


def test_an_unknown_position_is_in_no_polygon() -> None:
    ring = ((-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0))
    polygon = Polygon(((ring,),))

    assert inside(polygon, (0, 0), (180, 90)) == [True] * 2
    assert inside(polygon, (np.nan, np.nan), (np.nan, 0), (0, np.nan)) == [False] * 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "expected GeoJSON of a Polygon or MultiPolygon .* Invalid JSON"),
        ("[" * 5000, "expected GeoJSON"),
        ({"type": "Point", "coordinates": [24, 60]}, "Polygon"),
        ({"type": "FeatureCollection", "features": []}, "features: .*at least 1"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "not closed: repeat its first"),
        ({"type": "Polygon", "coordinates": [SQUARE[:2]]}, "at least 4"),
        ({"type": "Polygon", "coordinates": [[[60, 124], *SQUARE, [60, 124]]]}, "latitude 124.0 "),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1], [1, 1], [1, 1], [1, 1]]]}', "finite"),
        (
            {
                "type": "Polygon",
                "crs": {"type": "name", "properties": {"name": "EPSG:3067"}},
                "coordinates": [SQUARE],
            },
            "reference system EPSG:3067 is not read: save the file as WGS84",
        ),
    ],
)
def test_what_is_no_polygon_is_refused_with_the_file_and_the_spot(
    write: Write, content: Any, message: str
) -> None:
    path = write(content)

    with pytest.raises(DataError, match=message) as caught:
        Polygon.read(path)

    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_huge_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read .*nowhere\.json: No such file"):
        Polygon.read(tmp_path / "nowhere.json")
    with (tmp_path / "huge.json").open("wb") as stream:
        stream.truncate(2**24 + 1)

    with pytest.raises(DataError, match="more than 16777216 bytes"):
        Polygon.read(tmp_path / "huge.json")


GRID = st.tuples(st.integers(-6, 6), st.integers(-6, 6))


@settings(max_examples=60, deadline=None)
@given(st.lists(GRID, min_size=3, max_size=7, unique=True))
def test_a_polygon_agrees_with_shapely_on_a_grid(corners: list[tuple[int, int]]) -> None:
    shapely = pytest.importorskip("shapely", reason="shapely is not installed: clnet[dev]")
    shape = shapely.Polygon(corners)
    if not shape.is_valid:
        return  # what a ring that crosses itself holds is a matter of taste
    ring = tuple((float(x), float(y)) for x, y in [*corners, corners[0]])
    x, y = (axis.ravel() / 2 for axis in np.meshgrid(np.arange(-14, 15), np.arange(-14, 15)))

    found = Polygon(((ring,),)).contains(y, x)

    np.testing.assert_array_equal(found, shapely.covers(shape, shapely.points(x, y)))
