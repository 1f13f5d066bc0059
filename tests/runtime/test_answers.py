"""Answers in every form: the same numbers, and GeoJSON that maps can open."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from clnet.runtime.answer_formats import (
    FORMATS,
    AnswerFormat,
    as_csv,
    as_geojson,
    as_json,
    as_table,
)
from clnet.runtime.answers import Answer, answers_of
from clnet.runtime.gallery import GalleryRows
from clnet.runtime.geo import distance_m
from clnet.runtime.item import Item
from clnet.runtime.matcher import Matches

GALLERY = GalleryRows(
    ids=("north", "south", "lost"),
    paths=("/tiles/north.png", "/tiles/south.png", "/tiles/lost.png"),
    latitudes=np.array([60.2, 60.1, np.nan]),
    longitudes=np.array([24.9, 24.8, np.nan]),
    embeddings=np.eye(3, dtype=np.float32),
)
QUERIES = [Item("here", Path("here.jpg"), 60.2, 24.91), Item("somewhere", Path("some,where.jpg"))]
MATCHES = Matches(
    rows=np.array([[0, 1, 2], [2, 0, 1]]),
    scores=np.array([[0.9, 0.5, 0.25], [0.75, 0.5, 0.5]], np.float32),
)


@pytest.fixture
def answers() -> list[Answer]:
    return answers_of(QUERIES, GALLERY, MATCHES, k=2)


def test_an_answer_names_the_places_in_order(answers: list[Answer]) -> None:
    assert [[match.id for match in answer.matches] for answer in answers] == [
        ["north", "south"],
        ["lost", "north"],
    ]


def test_the_margin_is_the_lead_over_the_next_place(answers: list[Answer]) -> None:
    margins = [[match.margin for match in answer.matches] for answer in answers]

    np.testing.assert_allclose(margins, [[0.4, 0.25], [0.25, 0]], atol=1e-6)


def test_the_last_place_of_the_gallery_leads_over_nobody() -> None:
    assert answers_of(QUERIES, GALLERY, MATCHES, k=3)[0].matches[2].margin is None


def test_the_error_needs_both_positions(answers: list[Answer]) -> None:
    first, second = answers

    assert first.matches[0].error_m == pytest.approx(distance_m(60.2, 24.91, 60.2, 24.9), abs=0.01)
    assert [match.error_m for match in second.matches] == [None, None]


def test_the_table_holds_a_line_a_match(answers: list[Answer]) -> None:
    lines = as_table(answers).splitlines()

    assert len(lines) == 1 + 4
    assert lines[1].split()[:4] == ["here", "1", "north", "0.9000"]
    assert lines[2].split()[:2] == ["2", "south"]


def test_a_long_id_is_folded_and_never_cut() -> None:
    long = Item("street/" * 30, Path("a.jpg"))
    text = as_table(answers_of([long], GALLERY, MATCHES, k=1), width=80)

    assert "".join(line[:40].strip().split(" ")[0] for line in text.splitlines()[1:]) == long.id


def test_json_holds_what_the_answers_hold(answers: list[Answer]) -> None:
    read = [
        Answer.model_validate_json(json.dumps(answer)) for answer in json.loads(as_json(answers))
    ]

    assert read == answers


def test_csv_holds_a_row_a_match_with_unknowns_empty(answers: list[Answer]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(answers))))

    assert [row["id"] for row in rows] == ["north", "south", "lost", "north"]
    assert rows[2]["query_path"] == "some,where.jpg"
    assert (rows[2]["latitude"], rows[2]["error_m"]) == ("", "")
    assert float(rows[0]["query_longitude"]) == 24.91


def test_geojson_is_a_feature_collection_of_points_longitude_first(answers: list[Answer]) -> None:
    collection = json.loads(as_geojson(answers))

    assert set(collection) == {"type", "features"}
    assert collection["type"] == "FeatureCollection"
    assert all(set(f) == {"type", "geometry", "properties"} for f in collection["features"])
    assert collection["features"][1]["geometry"] == {"type": "Point", "coordinates": [24.9, 60.2]}
    assert collection["features"][1]["properties"]["rank"] == 1


def test_geojson_shows_queries_whose_position_is_known(answers: list[Answer]) -> None:
    features = json.loads(as_geojson(answers))["features"]

    queries = [f for f in features if f["properties"]["kind"] == "query"]
    assert [f["geometry"]["coordinates"] for f in queries] == [[24.91, 60.2]]


def test_geojson_has_no_geometry_for_a_place_without_position(answers: list[Answer]) -> None:
    features = json.loads(as_geojson(answers))["features"]

    lost = [f for f in features if f["properties"].get("id") == "lost"]
    assert [f["geometry"] for f in lost] == [None]


@pytest.mark.parametrize("name", FORMATS)
def test_no_answers_are_still_a_whole_document(name: AnswerFormat) -> None:
    assert FORMATS[name]([]).endswith("\n")
