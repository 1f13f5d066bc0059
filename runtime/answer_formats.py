"""Answers as text: a table for people, JSON, CSV and GeoJSON for programs."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from .answers import Answer, PlaceMatch

AnswerFormat = Literal["table", "json", "csv", "geojson"]

_QUERY_COLUMNS = ("query", "query_path", "query_latitude", "query_longitude")
_MATCH_COLUMNS = ("rank", "id", "path", "score", "margin", "latitude", "longitude", "error_m")
_DEGREES = 7
"""Decimals of a degree in GeoJSON: a centimetre, as RFC 7946 advises to stop there."""


def as_table(answers: Sequence[Answer], width: int = 100) -> str:
    """Draw a table for a terminal of `width` columns; a query's name stands in its first row."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("query", overflow="fold")
    for name in ("rank", "id", "score", "margin", "latitude", "longitude", "error m"):
        table.add_column(name, justify="left" if name == "id" else "right", overflow="fold")
    for answer in answers:
        for match in answer.matches:
            name = answer.query if match.rank == 1 else ""
            table.add_row(name, *_cells(match), end_section=match is answer.matches[-1])
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None).print(table)
    lines = (line.rstrip() for line in stream.getvalue().splitlines())
    return "\n".join(lines) + "\n"


def as_json(answers: Sequence[Answer]) -> str:
    """Write a list of answers with the fields of `Answer`."""
    return json.dumps([answer.model_dump() for answer in answers], indent=2) + "\n"


def as_csv(answers: Sequence[Answer]) -> str:
    """Write one row a match; an unknown value is an empty field."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*_QUERY_COLUMNS, *_MATCH_COLUMNS])
    for answer in answers:
        query = (answer.query, answer.path, answer.latitude, answer.longitude)
        for match in answer.matches:
            writer.writerow([*query, *(getattr(match, name) for name in _MATCH_COLUMNS)])
    return stream.getvalue()


def as_geojson(answers: Sequence[Answer]) -> str:
    """
    Write an RFC 7946 feature collection: open it in QGIS or on geojson.io as it is.

    Each match is a point with the properties of `PlaceMatch` and `kind: "match"`; each query
    whose own position is known is a point with `kind: "query"`. A match without coordinates
    has a null geometry.
    """
    features = []
    for answer in answers:
        if answer.latitude is not None:
            query = {"kind": "query", "query": answer.query, "path": answer.path}
            features.append(_feature(answer.latitude, answer.longitude, query))
        for match in answer.matches:
            shown = match.model_dump(exclude={"latitude", "longitude"})
            match_properties = {"kind": "match", "query": answer.query, **shown}
            features.append(_feature(match.latitude, match.longitude, match_properties))
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1) + "\n"


FORMATS: dict[AnswerFormat, Callable[[Sequence[Answer]], str]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
    "geojson": as_geojson,
}


def _cells(match: PlaceMatch) -> list[str]:
    return [
        str(match.rank),
        match.id,
        f"{match.score:.4f}",
        _number(match.margin, ".4f"),
        _number(match.latitude, ".6f"),
        _number(match.longitude, ".6f"),
        _number(match.error_m, ",.1f"),
    ]


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _feature(
    latitude: float | None, longitude: float | None, properties: dict[str, Any]
) -> dict[str, Any]:
    geometry = None
    if latitude is not None and longitude is not None:
        position = [round(longitude, _DEGREES), round(latitude, _DEGREES)]
        geometry = {"type": "Point", "coordinates": position}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
