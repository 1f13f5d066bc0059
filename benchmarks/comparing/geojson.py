"""Moved queries for a map."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...runtime.atomic import file_written_aside
from ..records.comparison_result import KnownPlace, MovedQuery

_DEGREES = 7
"""Decimals of a degree: a centimetre (RFC 7946, section 11.2, advises against more)."""

_COLOURS = {"query": "#2563eb", "top of A": "#9ca3af", "top of B": "#dc2626"}


def write_moved(moved: Sequence[MovedQuery], path: Path) -> None:
    """
    Write an RFC 7946 feature collection, aside and renamed: open it in QGIS or on geojson.io.

    Three points a query: itself, and the place that A and that B rank first. A place without
    coordinates has a null geometry.

    Raises:
        ArtifactError: `path` cannot be written.

    """
    features = [feature for one in moved for feature in _features(one)]
    text = json.dumps({"type": "FeatureCollection", "features": features}, indent=1) + "\n"
    with file_written_aside(path) as aside:
        aside.write_text(text)


def _features(moved: MovedQuery) -> list[dict[str, Any]]:
    about = {"query": moved.query.id, "rank_a": moved.rank_a, "rank_b": moved.rank_b}
    points = {"query": moved.query, "top of A": moved.top_a, "top of B": moved.top_b}
    return [_point(kind, place, about) for kind, place in points.items()]


def _point(kind: str, place: KnownPlace, about: dict[str, Any]) -> dict[str, Any]:
    geometry = None
    if place.latitude is not None and place.longitude is not None:
        position = [round(place.longitude, _DEGREES), round(place.latitude, _DEGREES)]
        geometry = {"type": "Point", "coordinates": position}
    properties = {"kind": kind, "id": place.id, **about, "marker-color": _COLOURS[kind]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
