"""The two commands, as a user types them: what they print, write and return."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clnet.runtime.bundle import Bundle
from clnet.runtime.cli import embed, match
from clnet.runtime.gallery import Gallery

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

Picture = Callable[..., Path]


@pytest.fixture
def places(picture: Picture, tmp_path: Path) -> Path:
    """Twelve places with a tile and a photograph each, in a CSV."""
    lines = ["id,path,tile,latitude,longitude"]
    for n in range(12):
        picture(f"ground/{n}.jpg", seed=n, height=40, width=80)
        picture(f"tiles/{n}.png", seed=100 + n, height=40, width=40)
        lines.append(f"{n},ground/{n}.jpg,tiles/{n}.png,60.{n:02},24.{n:02}")
    (tmp_path / "places.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "places.csv"


@pytest.fixture
def gallery(tiny_bundle: Bundle, places: Path) -> Path:
    path = places.parent / "gallery"
    assert run_embed(tiny_bundle.path, places, path).exit_code == 0
    return path


def run_embed(bundle: Path, source: Path | str, gallery: Path, *more: str) -> Result:
    arguments = [bundle, source, "--view", "satellite", "--gallery", gallery, "--path-column",
                 "tile", *more]  # fmt: skip
    return CliRunner().invoke(embed, [str(argument) for argument in arguments])


def run_match(bundle: Path, source: Path | str, gallery: Path, *more: str) -> Result:
    arguments = [bundle, source, "--gallery", gallery, *more]
    return CliRunner().invoke(match, [str(argument) for argument in arguments])


def refusal(result: Result) -> str:
    """Return the one line of a command that refused its input."""
    assert result.exit_code == 2, result.output
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("error: ")
    return result.stderr


def test_embed_fills_a_gallery_and_says_so(
    tiny_bundle: Bundle, places: Path, tmp_path: Path
) -> None:
    figures = tmp_path / "figures.json"

    result = run_embed(tiny_bundle.path, places, tmp_path / "new", "--json", str(figures))

    assert result.stdout.startswith("embedded 12  skipped 0  failed 0  ")
    assert result.stderr == ""
    assert json.loads(figures.read_text())["embedded"] == 12
    rows = Gallery.open(tmp_path / "new").read()
    assert rows.ids == tuple(str(n) for n in range(12))
    assert rows.latitudes[7] == 60.07


def test_a_second_run_embeds_what_is_missing(
    tiny_bundle: Bundle, places: Path, gallery: Path, picture: Picture
) -> None:
    picture("tiles/new.png", seed=999)
    with places.open("a") as stream:
        stream.write("new,x,tiles/new.png,60,24\n")

    result = run_embed(tiny_bundle.path, places, gallery)

    assert result.stdout.startswith("embedded 1  skipped 12  failed 0  ")
    assert len(Gallery.open(gallery)) == 13


def test_unreadable_images_are_listed_and_the_rest_is_done(
    tiny_bundle: Bundle, places: Path, tmp_path: Path
) -> None:
    (tmp_path / "tiles" / "3.png").write_bytes(b"no image")
    (tmp_path / "tiles" / "5.png").unlink()

    result = run_embed(tiny_bundle.path, places, tmp_path / "new")

    assert result.exit_code == 1
    assert result.stdout.startswith("embedded 10  skipped 0  failed 2  ")
    first, _, last = result.stderr.splitlines()
    assert first.startswith("unreadable: ")
    assert "3.png: expected a JPEG" in first
    assert last == f"2 unreadable images, listed in {tmp_path / 'new' / 'failed.jsonl'}"


def test_match_prints_a_table(tiny_bundle: Bundle, places: Path, gallery: Path) -> None:
    result = run_match(tiny_bundle.path, places, gallery, "--top-k", "3")

    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1 + 12 * 3 + 1


def test_match_finds_a_tile_itself(tiny_bundle: Bundle, gallery: Path, tmp_path: Path) -> None:
    tile = tmp_path / "tiles" / "7.png"

    result = run_match(
        tiny_bundle.path, tile, gallery, "--view", "satellite", "--format", "json", "--top-k", "2"
    )

    (answer,) = json.loads(result.stdout)["answers"]
    assert answer["matches"][0]["id"] == "7"
    assert answer["matches"][0]["score"] == pytest.approx(1, abs=1e-5)


def test_match_writes_geojson_with_true_coordinates(
    tiny_bundle: Bundle, places: Path, gallery: Path, tmp_path: Path
) -> None:
    out = tmp_path / "found" / "matches.geojson"

    result = run_match(tiny_bundle.path, places, gallery, "--format", "geojson", "--out", str(out))

    assert result.stdout == f"12 queries -> {out}\n"
    for feature in json.loads(out.read_text())["features"]:
        name = feature["properties"].get("id", feature["properties"]["query"])
        expected = [float(f"24.{int(name):02}"), float(f"60.{int(name):02}")]
        assert feature["geometry"]["coordinates"] == expected


def test_match_draws_a_sheet(
    tiny_bundle: Bundle, places: Path, gallery: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.png"

    result = run_match(
        tiny_bundle.path, places, gallery, "--sheet", str(sheet), "--sheet-queries", "2"
    )

    assert result.exit_code == 0
    assert sheet.read_bytes().startswith(b"\x89PNG")


def test_unreadable_queries_are_listed_and_the_rest_is_answered(
    tiny_bundle: Bundle, places: Path, gallery: Path, tmp_path: Path
) -> None:
    (tmp_path / "ground" / "0.jpg").write_bytes(b"no image")

    result = run_match(tiny_bundle.path, places, gallery, "--format", "json")

    assert result.exit_code == 1
    assert len(json.loads(result.stdout)["answers"]) == 11
    assert result.stderr.startswith("unreadable: ")


def test_k_above_the_gallery_is_refused_with_both_numbers(
    tiny_bundle: Bundle, places: Path, gallery: Path
) -> None:
    result = run_match(tiny_bundle.path, places, gallery, "--top-k", "13")

    assert "top-k must be from 1 to 12, the places in the gallery; got 13" in refusal(result)


def test_k_may_be_the_whole_gallery(tiny_bundle: Bundle, places: Path, gallery: Path) -> None:
    assert run_match(tiny_bundle.path, places, gallery, "--top-k", "12").exit_code == 0


def test_the_gallery_of_another_network_is_refused(
    write_bundle: Callable[..., Path], places: Path, gallery: Path, tmp_path: Path
) -> None:
    other = write_bundle(tmp_path / "other", space="b" * 32)

    assert "holds embeddings of space aaaa" in refusal(run_match(other, places, gallery))
    assert "the bundle makes bbbb" in refusal(run_embed(other, places, gallery))


def test_a_bundle_with_a_byte_changed_is_refused_and_nothing_is_made(
    write_bundle: Callable[..., Path], places: Path, tmp_path: Path
) -> None:
    bundle = write_bundle(tmp_path / "damaged")
    graph = bundle / "satellite" / "model.fp32.onnx"
    data = bytearray(graph.read_bytes())
    data[-9] ^= 1
    graph.write_bytes(bytes(data))

    line = refusal(run_embed(bundle, places, tmp_path / "new"))

    assert "satellite/model.fp32.onnx is not the file that was exported" in line
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nowhere", "nowhere does not exist"),
        ("empty", "holds no images"),
        ("places.csv", "no column 'road'; it has id, path, tile, latitude, longitude"),
    ],
)
def test_a_source_that_cannot_be_used_makes_no_gallery(
    tiny_bundle: Bundle, places: Path, tmp_path: Path, source: str, message: str
) -> None:
    (tmp_path / "empty").mkdir()

    result = run_embed(
        tiny_bundle.path, places.parent / source, tmp_path / "new", "--path-column", "road"
    )

    assert message in refusal(result)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tensorrt", "holds no engine of the ground; build one on this machine: clnet-build"),
        ("onnxruntime-tensorrt", "ONNX Runtime has no TensorrtExecutionProvider here"),
    ],
)
def test_a_backend_that_cannot_run_is_no_silent_fallback(
    tiny_bundle: Bundle, places: Path, gallery: Path, name: str, reason: str
) -> None:
    result = run_match(tiny_bundle.path, places, gallery, "--backend", name)

    assert reason in refusal(result)


@pytest.mark.parametrize("command", [embed, match])
def test_help_shows_examples(command) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert "Examples:\n" in CliRunner().invoke(command, ["--help"]).stdout
