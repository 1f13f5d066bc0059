"""Where several queries share a tile, a measurement of pairs takes each tile once and says so."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

from clnet.benchmarks.accuracy.pairs import PROTOCOL, protocol_of
from clnet.benchmarks.cli import bench
from clnet.benchmarks.records.accuracy_result import AccuracyResult
from clnet.benchmarks.records.lines import read_lines
from clnet.runtime.datasets import LAYOUTS

BUILDINGS = 9


@pytest.fixture
def university(tmp_path: Path) -> Path:
    """Buildings of one colour each, with three drone images that look like their tile."""
    random = np.random.default_rng(0)
    for number in range(BUILDINGS):
        colour = random.integers(0, 256, 3)
        picture = np.full((16, 32, 3), colour, np.uint8)
        for side in ("query", "gallery"):
            drone = tmp_path / "test" / f"{side}_drone" / f"{number:04}"
            satellite = tmp_path / "test" / f"{side}_satellite" / f"{number:04}"
            drone.mkdir(parents=True)
            satellite.mkdir(parents=True)
            cv2.imwrite(str(satellite / "tile.png"), picture)
            for image in range(3):
                cv2.imwrite(str(drone / f"image-{image:02}.png"), picture)
    return tmp_path


def test_a_tile_of_many_queries_stands_once_in_the_gallery_and_ties_with_no_copy(
    toy_bundle: Path, university: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    options = ["--data", str(university), "--layout", "university1652", "--json", str(path)]

    result = CliRunner().invoke(bench, ["accuracy", str(toy_bundle), *options])

    assert result.exit_code == 0, result.output
    (row,) = read_lines(path, AccuracyResult)
    assert (row.queries, row.gallery) == (BUILDINGS, BUILDINGS)
    assert row.recall_at["1"].percent == 100
    assert "not the benchmark's protocol" in row.protocol
    assert "not the benchmark's protocol" in result.stdout.replace("\n", " ")


def test_only_benchmarks_of_pairs_go_by_their_own_protocol() -> None:
    own = {layout for layout in LAYOUTS if protocol_of(layout) == PROTOCOL}

    assert own == {"cvusa", "cvact"}
