"""Moved queries on a map."""

import json
from pathlib import Path

from clnet.benchmarks.comparing.geojson import write_moved
from clnet.benchmarks.records.comparison_result import KnownPlace, MovedQuery


def test_three_points_a_query_and_none_where_nobody_knows(tmp_path: Path) -> None:
    known = KnownPlace(id="x", latitude=60.123456789, longitude=25.0)
    unknown = KnownPlace(id="y", latitude=None, longitude=None)
    moved = MovedQuery(query=known, rank_a=1, rank_b=3, top_a=known, top_b=unknown)
    write_moved([moved], tmp_path / "moved.geojson")
    found = json.loads((tmp_path / "moved.geojson").read_text())
    points = [one["geometry"] and one["geometry"]["coordinates"] for one in found["features"]]
    assert points == [[25.0, 60.1234568], [25.0, 60.1234568], None]
    assert [one["properties"]["kind"] for one in found["features"]] == [
        "query",
        "top of A",
        "top of B",
    ]
    assert found["features"][2]["properties"]["rank_b"] == 3


def test_no_moved_query_is_an_empty_collection(tmp_path: Path) -> None:
    write_moved([], tmp_path / "moved.geojson")
    assert json.loads((tmp_path / "moved.geojson").read_text())["features"] == []
