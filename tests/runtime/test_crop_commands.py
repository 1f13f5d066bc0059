"""Photographs of known heading, and lists on standard input, as a user types them."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import Bundle, FileRecord
from clnet.runtime.cli import embed, match
from clnet.runtime.gallery import Gallery
from clnet.runtime.panorama import NORTH_CENTRED

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

W = 32
STEP_DEG = 360 / W


@pytest.fixture
def facing(tiny_bundle: Bundle, tmp_path: Path) -> Path:
    """A bundle that knows where its panoramas look."""
    folder = tmp_path / "facing"
    shutil.copytree(tiny_bundle.path, folder)
    file = folder / "ground" / "preprocess.json"
    tiny_bundle.preprocess("ground").model_copy(update={"panorama": NORTH_CENTRED}).write(file)
    record = FileRecord(sha256=sha256_of(file), size_bytes=file.stat().st_size)
    files = {**tiny_bundle.manifest.files, "ground/preprocess.json": record}
    tiny_bundle.manifest.model_copy(update={"files": files}).write(folder / "manifest.json")
    return folder


@pytest.fixture
def panoramas(tmp_path: Path) -> Path:
    """The same place four times: taken with the camera to north, and 3, 10 and 20 columns on."""
    whole = np.random.default_rng(0).integers(0, 256, (16, W, 3), dtype=np.uint8)
    lines = ["path,heading,fov"]
    for turn in (0, 3, 10, 20):
        assert cv2.imwrite(str(tmp_path / f"{turn}.png"), np.roll(whole, -turn, axis=1))
        lines.append(f"{turn}.png,{turn * STEP_DEG},360")
    (tmp_path / "panoramas.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "panoramas.csv"


def run(bundle: Path, source: Path | str, gallery: Path, *more: str, given: str = "") -> Result:
    arguments = [bundle, source, "--view", "ground", "--gallery", gallery, *more]
    return CliRunner().invoke(embed, [str(argument) for argument in arguments], input=given)


def embeddings(gallery: Path) -> NDArray[np.float32]:
    return np.concatenate(list(Gallery.open(gallery).blocks()))


def test_panoramas_of_known_heading_are_embedded_alike(
    facing: Path, panoramas: Path, tmp_path: Path
) -> None:
    result = run(facing, panoramas, tmp_path / "gallery")

    assert result.exit_code == 0, result.stderr
    found = embeddings(tmp_path / "gallery")
    np.testing.assert_allclose(found, np.broadcast_to(found[:1], found.shape), atol=1e-6)


def test_the_options_stand_for_the_columns_of_a_table(
    facing: Path, panoramas: Path, tmp_path: Path
) -> None:
    photo = panoramas.with_name("10.png")
    run(facing, panoramas, tmp_path / "table")

    result = run(
        facing, photo, tmp_path / "options", "--heading", str(10 * STEP_DEG), "--fov", "360"
    )

    assert result.exit_code == 0, result.stderr
    expected = embeddings(tmp_path / "table")[:1]
    np.testing.assert_allclose(embeddings(tmp_path / "options"), expected, atol=1e-6)


def test_a_heading_finds_the_panorama_that_it_was_cut_from(
    facing: Path, panoramas: Path, tmp_path: Path
) -> None:
    gallery = tmp_path / "gallery"
    run(facing, panoramas.with_name("0.png"), gallery)
    arguments = [facing, panoramas.with_name("20.png"), "--gallery", gallery, "--format", "csv"]
    angles = ["--heading", str(20 * STEP_DEG), "--fov", "360"]

    result = CliRunner().invoke(match, [*(str(one) for one in arguments), *angles])

    assert result.exit_code == 0, result.stderr
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert float(row["score"]) == pytest.approx(1, abs=1e-6)


def test_a_network_that_knows_no_north_refuses_a_heading(
    tiny_bundle: Bundle, panoramas: Path, tmp_path: Path
) -> None:
    result = run(tiny_bundle.path, panoramas, tmp_path / "gallery")

    assert result.exit_code == 2
    assert result.stderr.startswith("error: a photograph's heading cannot be used: ")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "gallery").exists()


def test_paths_come_from_standard_input(
    tiny_bundle: Bundle, picture: Callable[..., Path], tmp_path: Path
) -> None:
    files = [picture(f"{n}.png", seed=n) for n in range(3)]
    given = "".join(f"{file}\n" for file in [*files, tmp_path / "gone.png"])

    result = run(tiny_bundle.path, "-", tmp_path / "gallery", given=given)

    assert result.exit_code == 1
    assert result.stdout.startswith("embedded 3  skipped 0  failed 1")
    assert "gone.png: No such file" in result.stderr
    ids = list(Gallery.open(tmp_path / "gallery").ids())
    assert ids == [str(file.with_suffix("")) for file in files]
