"""Ten real places: photographs, orthophotos, coordinates. The branches are random."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clnet.runtime.areas import Radius
from clnet.runtime.bundle import Bundle
from clnet.runtime.cli import embed, match
from clnet.runtime.gallery import Gallery
from clnet.runtime.matching_run import match_items
from clnet.runtime.sources import read_source

HELSINKI = Path(__file__).parents[3] / "shared" / "data" / "helsinki"
PLACES = HELSINKI / "places.csv"
COLUMNS = {"ground": "street", "satellite": "satellite"}
OTHER = {"ground": "satellite", "satellite": "ground"}

pytestmark = pytest.mark.skipif(
    not PLACES.is_file(), reason="the real photographs are not on this machine"
)
pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")


@pytest.fixture(scope="module")
def truth() -> dict[str, list[float]]:
    """Longitude and latitude of each id, read without anything of clnet."""
    with PLACES.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["id"]: [float(row["longitude"]), float(row["latitude"])] for row in rows}


@pytest.fixture(scope="module")
def galleries(tiny_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A gallery of each view."""
    folder = tmp_path_factory.mktemp("helsinki")
    for view in COLUMNS:
        assert run(embed, tiny_bundle, view, folder / view).exit_code == 0
    return {view: folder / view for view in COLUMNS}


def run(command: Any, bundle: Bundle, view: str, gallery: Path, *more: str) -> Result:
    column = ("--path-column", COLUMNS[view])
    words = [bundle.path, PLACES, "--view", view, "--gallery", gallery, *column, *more]
    return CliRunner().invoke(command, [str(word) for word in words])


def metres_apart(a: list[float], b: list[float]) -> float:
    """Measure on the WGS84 ellipsoid, by its radii of curvature: right to 0.01 % in a city."""
    import math

    phi = math.radians((a[1] + b[1]) / 2)
    e2, semi_major_m = 0.00669437999014, 6_378_137.0
    w = math.sqrt(1 - e2 * math.sin(phi) ** 2)
    north = math.radians(b[1] - a[1]) * semi_major_m * (1 - e2) / w**3
    east = math.radians(b[0] - a[0]) * semi_major_m * math.cos(phi) / w
    return math.hypot(north, east)


@pytest.mark.parametrize("view", COLUMNS)
def test_geojson_has_the_coordinates_of_the_csv(
    tiny_bundle: Bundle,
    galleries: dict[str, Path],
    truth: dict[str, list[float]],
    tmp_path: Path,
    view: str,
) -> None:
    out = tmp_path / "matches.geojson"
    result = run(
        match, tiny_bundle, view, galleries[OTHER[view]], "--format", "geojson", "--out", str(out)
    )

    assert result.exit_code == 0, result.output
    features = json.loads(out.read_text())["features"]
    kinds = [feature["properties"]["kind"] for feature in features]
    assert (kinds.count("query"), kinds.count("match")) == (10, 100)
    for feature in features:
        about = feature["properties"]
        name = about["query"] if about["kind"] == "query" else about["id"]
        assert feature["geometry"]["coordinates"] == pytest.approx(truth[name], abs=5.1e-8)


def test_the_error_is_the_distance_on_the_ground(
    tiny_bundle: Bundle, galleries: dict[str, Path], truth: dict[str, list[float]]
) -> None:
    result = run(match, tiny_bundle, "ground", galleries["satellite"], "--format", "json")

    for answer in json.loads(result.stdout)["answers"]:
        for one in answer["matches"]:
            expected = metres_apart(truth[answer["query"]], truth[one["id"]])
            assert one["error_m"] == pytest.approx(expected, rel=0.006, abs=0.01)  # a sphere


def test_python_gives_the_answers_of_the_command(
    tiny_bundle: Bundle, galleries: dict[str, Path]
) -> None:
    result = run(match, tiny_bundle, "ground", galleries["satellite"], "--format", "json")
    queries = read_source(PLACES, path_column="street")

    found = match_items(Gallery.open(galleries["satellite"]), tiny_bundle, queries)

    assert [a.model_dump(mode="json") for a in found.answers] == json.loads(result.stdout)[
        "answers"
    ]


def test_a_prior_of_a_kilometre_leaves_the_places_near_by(
    tiny_bundle: Bundle, galleries: dict[str, Path], truth: dict[str, list[float]]
) -> None:
    longitude, latitude = truth["4368449460079179"]
    query = [i for i in read_source(PLACES, path_column="street") if i.id == "4368449460079179"]
    areas = [Radius(latitude, longitude, 1000)]

    found = match_items(Gallery.open(galleries["satellite"]), tiny_bundle, query, areas=areas)

    near = {
        name for name, where in truth.items() if metres_apart([longitude, latitude], where) < 1000
    }
    assert {one.id for one in found.answers[0].matches} == near
    assert 1 < len(near) < 10


def test_a_sheet_of_real_places_is_drawn(
    tiny_bundle: Bundle, galleries: dict[str, Path], tmp_path: Path
) -> None:
    from clnet.runtime.answers.sheet_style import BLANK, CELL, RIGHT
    from clnet.runtime.images import read_image

    sheet = tmp_path / "sheet.png"
    result = run(match, tiny_bundle, "ground", galleries["satellite"], "--sheet", str(sheet))

    assert result.exit_code == 0, result.output
    picture = read_image(sheet)
    framed = int((picture == RIGHT).all(axis=2).sum())
    assert framed > 8 * 4 * CELL  # eight queries, each with its place among all ten
    assert int((picture == BLANK).all(axis=2).sum()) < CELL**2 / 2
