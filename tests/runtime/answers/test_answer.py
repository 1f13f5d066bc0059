"""Answers in every form: the same numbers, and GeoJSON that maps can open."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from clnet.runtime.answers.answer import Answer, MatchingRun, PlaceMatch, answers_of
from clnet.runtime.answers.formats import (
    FORMATS,
    AnswerFormat,
    as_csv,
    as_geojson,
    as_json,
    as_table,
)
from clnet.runtime.embedder import Failure
from clnet.runtime.gallery import Places
from clnet.runtime.geo import distance_m
from clnet.runtime.item import Item
from clnet.runtime.matcher import Matches

PLACES = Places(
    ids=("north", "south", "lost"),
    paths=("/tiles/north.png", "/tiles/south.png", "/tiles/lost.png"),
    latitudes=np.array([60.2, 60.1, np.nan]),
    longitudes=np.array([24.9, 24.8, np.nan]),
)
QUERIES = [Item("here", Path("here.jpg"), 60.2, 24.91), Item("somewhere", Path("some,where.jpg"))]
MATCHES = Matches(
    rows=np.array([[0, 1, 2], [2, 0, 1]]),
    scores=np.array([[0.9, 0.5, 0.25], [0.75, 0.5, 0.5]], np.float32),
)


@pytest.fixture
def answers() -> list[Answer]:
    return answers_of(QUERIES, PLACES, MATCHES, k=2)


def run_of(answers: list[Answer], *failures: Failure, searched: int = 3) -> MatchingRun:
    return MatchingRun(tuple(answers), failures, searched, 3)


def test_an_answer_names_the_places_in_order(answers: list[Answer]) -> None:
    assert [[match.id for match in answer.matches] for answer in answers] == [
        ["north", "south"],
        ["lost", "north"],
    ]


def test_the_margin_is_the_lead_over_the_next_place(answers: list[Answer]) -> None:
    margins = [[match.margin for match in answer.matches] for answer in answers]

    np.testing.assert_allclose(margins, [[0.4, 0.25], [0.25, 0]], atol=1e-6)


def test_the_last_place_of_the_gallery_leads_over_nobody() -> None:
    assert answers_of(QUERIES, PLACES, MATCHES, k=3)[0].matches[2].margin is None


def test_the_error_needs_both_positions(answers: list[Answer]) -> None:
    first, second = answers

    assert first.matches[0].error_m == pytest.approx(distance_m(60.2, 24.91, 60.2, 24.9), abs=0.01)
    assert [match.error_m for match in second.matches] == [None, None]


def test_scores_have_no_digits_that_float32_does_not_hold(answers: list[Answer]) -> None:
    best = answers[0].matches[0]

    assert (repr(best.score), repr(best.margin)) == ("0.9", "0.4")


def test_the_table_holds_a_line_a_match(answers: list[Answer]) -> None:
    lines = as_table(run_of(answers)).splitlines()

    assert len(lines) == 1 + 4 + 1
    assert lines[1].split()[:4] == ["here", "1", "north", "0.9000"]
    assert lines[2].split()[:2] == ["2", "south"]


def test_the_table_tells_how_many_places_were_searched(answers: list[Answer]) -> None:
    footers = [as_table(run_of(answers, searched=n)).splitlines()[-1] for n in (3, 2)]

    assert footers == ["queries: 2   places searched: 3", "queries: 2   places searched: 2 of 3"]


def test_a_table_of_no_answers_has_no_header() -> None:
    assert as_table(run_of([])) == "queries: 0   places searched: 3\n"


@pytest.mark.parametrize("name", ["street/" * 30, "[bold]x[/bold]:smile:"])
def test_an_id_is_written_whole_and_as_it_is(name: str) -> None:
    answers = answers_of([Item(name, Path("a.jpg"))], PLACES, MATCHES, k=1)
    first = as_table(run_of(answers)).splitlines()[1]

    assert first.startswith(f"{name} ")


def test_json_holds_what_the_answers_hold(answers: list[Answer]) -> None:
    whole = json.loads(as_json(run_of(answers, searched=2)))

    assert (whole["searched_places"], whole["gallery_places"]) == (2, 3)
    read = [Answer.model_validate_json(json.dumps(answer)) for answer in whole["answers"]]
    assert read == answers


def test_json_names_the_queries_that_could_not_be_read(answers: list[Answer]) -> None:
    failure = Failure(Item("torn", Path("/a/torn.jpg")), "/a/torn.jpg: the JPEG ends too early")

    assert json.loads(as_json(run_of(answers, failure)))["unreadable"] == [
        {"query": "torn", "path": "/a/torn.jpg", "reason": failure.reason}
    ]


@pytest.mark.parametrize("field", ["score", "margin", "latitude", "longitude", "error_m"])
def test_a_number_that_is_none_never_reaches_a_file(answers: list[Answer], field: str) -> None:
    known = answers[0].matches[0].model_dump()

    with pytest.raises(ValidationError, match=f"{field}\n.*finite"):
        PlaceMatch(**{**known, field: float("nan")})


def test_csv_holds_a_row_a_match_with_unknowns_empty(answers: list[Answer]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(run_of(answers)))))

    assert [row["id"] for row in rows] == ["north", "south", "lost", "north"]
    assert rows[2]["query_path"] == str(Path("some,where.jpg").absolute())
    assert (rows[2]["latitude"], rows[2]["error_m"]) == ("", "")
    assert float(rows[0]["query_longitude"]) == 24.91


def test_geojson_is_a_feature_collection_of_points_longitude_first(answers: list[Answer]) -> None:
    collection = json.loads(as_geojson(run_of(answers)))

    assert set(collection) == {"type", "features"}
    assert collection["type"] == "FeatureCollection"
    assert all(set(f) == {"type", "geometry", "properties"} for f in collection["features"])
    assert collection["features"][1]["geometry"] == {"type": "Point", "coordinates": [24.9, 60.2]}
    assert collection["features"][1]["properties"]["rank"] == 1


def test_geojson_shows_queries_whose_position_is_known(answers: list[Answer]) -> None:
    features = json.loads(as_geojson(run_of(answers)))["features"]

    queries = [f for f in features if f["properties"]["kind"] == "query"]
    assert [f["geometry"]["coordinates"] for f in queries] == [[24.91, 60.2]]


def test_geojson_tells_queries_best_and_further_places_apart(answers: list[Answer]) -> None:
    features = json.loads(as_geojson(run_of(answers)))["features"]

    colours: dict[tuple[str, bool], set[str]] = {}
    for one in (feature["properties"] for feature in features):
        colours.setdefault((one["kind"], one.get("rank") == 1), set()).add(one["marker-color"])
    assert sorted(colours) == [("match", False), ("match", True), ("query", False)]
    assert len(set.union(*colours.values())) == 3


def test_geojson_is_valid_by_another_library(answers: list[Answer]) -> None:
    geojson = pytest.importorskip("geojson", reason="geojson is not installed")

    assert geojson.loads(as_geojson(run_of(answers))).errors() == []


def test_the_reader_of_qgis_finds_one_layer_of_points(
    answers: list[Answer], tmp_path: Path
) -> None:
    pyogrio = pytest.importorskip("pyogrio", reason="pyogrio (GDAL's vector readers) is missing")
    (tmp_path / "answers.geojson").write_text(as_geojson(run_of(answers)))

    assert pyogrio.list_layers(tmp_path / "answers.geojson").tolist() == [["answers", "Point"]]
    layer = pyogrio.read_info(tmp_path / "answers.geojson")
    assert (layer["crs"], layer["features"]) == ("EPSG:4326", 5)
    assert layer["total_bounds"] == (24.8, 60.1, 24.91, 60.2)


def test_geojson_has_no_geometry_for_a_place_without_position(answers: list[Answer]) -> None:
    features = json.loads(as_geojson(run_of(answers)))["features"]

    lost = [f for f in features if f["properties"].get("id") == "lost"]
    assert [f["geometry"] for f in lost] == [None]


@pytest.mark.parametrize("name", FORMATS)
def test_no_answers_are_still_a_whole_document(name: AnswerFormat) -> None:
    assert FORMATS[name](run_of([])).endswith("\n")
