"""`clnet-gallery`, as a user types it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clnet.runtime.cli import gallery
from clnet.runtime.gallery import Gallery


def run(*words: object) -> Result:
    return CliRunner().invoke(gallery, [str(word) for word in words])


@pytest.fixture
def path(fill: Callable[..., Path], tmp_path: Path) -> Path:
    return fill(tmp_path / "gallery", 300, commit=100)


def test_info_says_what_a_gallery_is(path: Path, tmp_path: Path) -> None:
    outcome = run("info", path, "--json", tmp_path / "info.json")

    assert outcome.exit_code == 0, outcome.output
    assert "300 (0 without coordinates)" in outcome.stdout
    assert "satellite, 16 x float32" in outcome.stdout
    assert "longitude -29.9 to 0.0, latitude 0.0 to 29.9" in outcome.stdout
    figures = json.loads((tmp_path / "info.json").read_text())
    assert (figures["places"], figures["fragments"], figures["index"]) == (300, 3, None)
    assert figures["extent"] == pytest.approx([-29.9, 0, 0, 29.9])
    assert figures["folder_bytes"] >= figures["table_bytes"] > 300 * 16 * 4


def test_a_gallery_is_exported_and_imported(path: Path, tmp_path: Path) -> None:
    file, copy = tmp_path / "gallery.parquet", tmp_path / "copy"

    exported = run("export", path, file)
    imported = run("import", file, copy, "--json", tmp_path / "import.json")

    assert exported.stdout == f"300 places -> {file}\n"
    assert imported.stdout == "added 300  skipped 0\n"
    assert json.loads((tmp_path / "import.json").read_text()) == {"added": 300, "skipped": 0}
    assert Gallery.open(copy).ids() == Gallery.open(path).ids()


def test_an_index_is_built_and_its_recall_printed(path: Path, tmp_path: Path) -> None:
    words = ("--kind", "ivf_flat", "--queries", 20, "--top-k", 3)

    outcome = run("index", path, *words, "--json", tmp_path / "index.json")

    assert outcome.exit_code == 0, outcome.output
    figures = json.loads((tmp_path / "index.json").read_text())
    assert f"recall@3 {figures['recall']:.4f} against exact search" in outcome.stdout
    assert (figures["kind"], figures["queries"], figures["k"]) == ("ivf_flat", 20, 3)
    assert "index      ivf_flat, 0 places not in it" in run("info", path).stdout


def test_compact_says_what_it_did(path: Path, tmp_path: Path) -> None:
    outcome = run("compact", path, "--json", tmp_path / "compact.json")

    assert outcome.stdout.startswith("fragments 3 -> 1  versions ")
    assert json.loads((tmp_path / "compact.json").read_text())["versions_after"] == 1


@pytest.mark.parametrize("command", ["info", "index", "compact"])
def test_where_no_gallery_is_a_command_says_so(command: str, tmp_path: Path) -> None:
    outcome = run(command, tmp_path / "nowhere")

    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("error: ")
    assert "is no gallery; make one with clnet-embed" in outcome.stderr
    assert not (tmp_path / "nowhere").exists()


def test_an_export_to_a_place_that_cannot_be_written_is_refused(path: Path) -> None:
    outcome = run("export", path, "/proc/gallery.parquet")

    assert outcome.exit_code == 2
    assert outcome.stderr.startswith("error: cannot write /proc/gallery.parquet")
    assert outcome.stderr.count("\n") == 1
