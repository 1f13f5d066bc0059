"""Answers as text: a table for people, JSON, CSV and GeoJSON for programs."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from .answer import Answer, MatchingRun, PlaceMatch

AnswerFormat = Literal["table", "json", "csv", "geojson"]

_QUERY_COLUMNS = ("query", "query_path", "query_latitude", "query_longitude")
_MATCH_COLUMNS = ("rank", "id", "path", "score", "margin", "latitude", "longitude", "error_m")

_DEGREES = 7
"""Decimals of a degree in GeoJSON: a centimetre. RFC 7946, section 11.2, advises against more."""

_WIDEST = 4096
"""Columns of a table, if it has ids as long as that."""

_BLUE, _RED, _GREY = "#2563eb", "#dc2626", "#9ca3af"
"""Markers of queries, of best and of further places (simplestyle-spec 1.1)."""


def as_table(run: MatchingRun) -> str:
    """Draw a table as wide as its ids, which stay whole; a query's name stands in its first row."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("query", no_wrap=True)
    for name in ("rank", "id", "score", "margin", "latitude", "longitude", "error m"):
        table.add_column(name, justify="left" if name == "id" else "right", no_wrap=True)
    for answer in run.answers:
        for match in answer.matches:
            name = answer.query if match.rank == 1 else ""
            table.add_row(name, *_cells(match), end_section=match is answer.matches[-1])
    stream = io.StringIO()
    if run.answers:
        console = Console(file=stream, width=_WIDEST, color_system=None, markup=False, emoji=False)
        console.print(table)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    return "\n".join([*lines, _footer(run)]) + "\n"


def as_json(run: MatchingRun) -> str:
    """Write one object: places searched, answers with the fields of `Answer`, unreadable ones."""
    whole = {
        "searched_places": run.searched_places,
        "gallery_places": run.gallery_places,
        "answers": [answer.model_dump() for answer in run.answers],
        "unreadable": [
            {"query": one.item.id, "path": one.item.locator, "reason": one.reason}
            for one in run.failures
        ],
    }
    return json.dumps(whole, indent=2) + "\n"


def as_csv(run: MatchingRun) -> str:
    """Write one row a match; an unknown value is an empty field."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*_QUERY_COLUMNS, *_MATCH_COLUMNS])
    for answer in run.answers:
        query = (answer.query, answer.path, answer.latitude, answer.longitude)
        for match in answer.matches:
            writer.writerow([*query, *(getattr(match, name) for name in _MATCH_COLUMNS)])
    return stream.getvalue()


def as_geojson(run: MatchingRun) -> str:
    """
    Write an RFC 7946 feature collection: open it in QGIS or on geojson.io as it is.

    Each match is a point with the properties of `PlaceMatch` and `kind: "match"`; each query
    whose own position is known is a point with `kind: "query"`. A match without coordinates
    has a null geometry. There are points only, so that a map program makes one layer of them.
    """
    features = [feature for answer in run.answers for feature in _features(answer)]
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1) + "\n"


FORMATS: dict[AnswerFormat, Callable[[MatchingRun], str]] = {
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


def _footer(run: MatchingRun) -> str:
    part = "" if run.searched_places == run.gallery_places else f"{run.searched_places:,} of "
    return f"queries: {len(run.answers):,}   places searched: {part}{run.gallery_places:,}"


def _features(answer: Answer) -> list[dict[str, Any]]:
    features = []
    if answer.latitude is not None:
        about = {"kind": "query", "query": answer.query, "path": answer.path}
        features.append(_point(answer.latitude, answer.longitude, about, _BLUE))
    for match in answer.matches:
        shown = match.model_dump(exclude={"latitude", "longitude"})
        about = {"kind": "match", "query": answer.query, **shown}
        colour = _RED if match.rank == 1 else _GREY
        features.append(_point(match.latitude, match.longitude, about, colour))
    return features


def _point(
    latitude: float | None, longitude: float | None, about: dict[str, Any], colour: str
) -> dict[str, Any]:
    geometry = None
    if latitude is not None and longitude is not None:
        position = [round(longitude, _DEGREES), round(latitude, _DEGREES)]
        geometry = {"type": "Point", "coordinates": position}
    properties = {**about, "marker-color": colour}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
