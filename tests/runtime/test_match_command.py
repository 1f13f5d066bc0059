"""`clnet-match` as a user types it: areas, lists on standard input, unreadable queries."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clnet.runtime.bundle import Bundle
from clnet.runtime.cli import embed, match

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

Match = Callable[..., Result]


@pytest.fixture
def run(tiny_bundle: Bundle, picture: Callable[..., Path], tmp_path: Path) -> Match:
    """Match against four places, one at each of 60.0, 60.1, 60.2 and 60.3 degrees north."""
    lines = ["id,path,latitude,longitude"]
    for n in range(4):
        picture(f"tiles/{n}.png", seed=n)
        lines.append(f"{n},tiles/{n}.png,60.{n},24")
    (tmp_path / "places.csv").write_text("\n".join(lines) + "\n")
    gallery = tmp_path / "gallery"
    words = (tiny_bundle.path, tmp_path / "places.csv", "--view", "satellite", "--gallery", gallery)
    assert CliRunner().invoke(embed, [str(word) for word in words]).exit_code == 0

    def matched(
        *more: object, source: object = tmp_path / "tiles" / "2.png", given: str = ""
    ) -> Result:
        words = (tiny_bundle.path, source, "--gallery", gallery, "--view", "satellite", *more)
        return CliRunner().invoke(match, [str(word) for word in words], input=given)

    return matched


def found(result: Result) -> list[str]:
    """The ids of the only query's places, in the gallery's order."""
    assert result.exit_code == 0, result.output
    (answer,) = json.loads(result.stdout)["answers"]
    return sorted(place["id"] for place in answer["matches"])


def refusal(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.fixture
def polygon(tmp_path: Path) -> Path:
    """Around 60.1 and 60.2 degrees north."""
    ring = [[23.9, 60.05], [24.1, 60.05], [24.1, 60.25], [23.9, 60.25], [23.9, 60.05]]
    file = tmp_path / "area.geojson"
    file.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    return file


def test_near_box_and_polygon_each_narrow_the_search(run: Match, polygon: Path) -> None:
    form = ("--format", "json")

    assert found(run("--near", "60.1,24,12km", *form)) == ["0", "1", "2"]
    assert found(run("--near", "60.1,24,500m", *form)) == ["1"]
    assert found(run("--box", "60.15,23.9,60.35,24.1", *form)) == ["2", "3"]
    assert found(run("--polygon", polygon, *form)) == ["1", "2"]


def test_several_areas_narrow_together(run: Match, polygon: Path) -> None:
    box, near = ("--box", "60.15,23.9,60.35,24.1"), ("--near", "60.25,24,12km")

    assert found(run(*box, "--polygon", polygon, "--format", "json")) == ["2"]
    assert found(run(*near, "--near", "60.35,24,12km", "--format", "json")) == ["3"]


def test_the_table_tells_how_many_places_were_searched(run: Match) -> None:
    result = run("--box", "60.15,23.9,60.35,24.1")

    assert result.stdout.splitlines()[-1] == "queries: 1   places searched: 2 of 4"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--near", "10,10,5km"), "none of the 4 places of"),
        (
            ("--near", "60.1,24,12km", "--top-k", "4"),
            "top-k must be from 1 to 3, the places inside",
        ),
        (("--near", "60.1,24,12"), "expected LATITUDE,LONGITUDE,RADIUS such as"),
        (("--near", "95,24,12km"), "latitude 95.0 is not"),
        (("--box", "60,24,61"), "expected SOUTH,WEST,NORTH,EAST in degrees such as"),
        (("--box", "61,24,60,25"), "a box goes from south to north"),
        (("--polygon", "nowhere.geojson"), "cannot read nowhere.geojson"),
    ],
)
def test_an_area_that_cannot_be_searched_is_one_line(
    run: Match, words: tuple[str, ...], message: str
) -> None:
    assert message in refusal(run(*words))


def test_queries_come_on_standard_input(run: Match, tmp_path: Path) -> None:
    listed = "".join(f"{tmp_path}/tiles/{n}.png\n" for n in (3, 1))

    result = run("--format", "json", "--top-k", "1", "--batch-size", "1", source="-", given=listed)

    answers = json.loads(result.stdout)["answers"]
    assert [answer["matches"][0]["id"] for answer in answers] == ["3", "1"]


def test_a_table_where_no_query_could_be_read_has_no_header(run: Match, tmp_path: Path) -> None:
    (tmp_path / "torn.png").write_bytes(b"no image")
    sheet = tmp_path / "sheet.png"

    result = run("--sheet", sheet, source=tmp_path / "torn.png")

    assert result.exit_code == 1
    assert result.stdout == "queries: 0   places searched: 4\n"
    assert result.stderr.startswith("unreadable: ")
    assert not sheet.exists()


def test_a_csv_of_answers_opens_as_one_table(run: Match, tmp_path: Path) -> None:
    csv = pytest.importorskip("pyarrow.csv", reason="pyarrow is not installed")
    out = tmp_path / "answers.csv"

    result = run("--format", "csv", "--out", out, source=tmp_path / "places.csv")

    table = csv.read_csv(out)
    assert result.exit_code == 0
    assert table.num_rows == 4 * 4
    assert {str(table[name].type) for name in ("score", "latitude", "error_m")} == {"double"}
    best = [row for row in table.to_pylist() if row["rank"] == 1]
    assert [(row["id"], row["error_m"]) for row in best] == [(n, 0.0) for n in range(4)]
