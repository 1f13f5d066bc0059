"""Images that are none, and places that cannot be written: refused, and nothing is harmed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("onnxscript", reason="not installed: pip install 'clnet[export]'")

from clnet.engines.cli import build
from clnet.export.cli import export
from clnet.runtime.cli import embed, match

pytestmark = pytest.mark.slow

Refusal = Callable[..., str]
FP32 = ("--precision", "fp32", "--engine", "none")


def test_a_gate_image_that_is_none_leaves_no_bundle(
    run: Path, town: Path, photo: Path, refusal: Refusal, tmp_path: Path
) -> None:
    (tmp_path / "ground").mkdir()
    shutil.copy(photo, tmp_path / "ground" / "a.jpg")
    (tmp_path / "ground" / "b.jpg").write_text("no image")
    images = ("--images-ground", tmp_path / "ground", "--images-satellite", town / "bingmap" / "19")

    line = refusal(export, "--checkpoint", run, *images, *FP32, "--out", tmp_path / "new")

    assert "b.jpg: expected a JPEG, PNG, WebP, TIFF or BMP image" in line


def test_empty_folders_of_images_and_data_are_refused(
    run: Path, refusal: Refusal, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    for images, said in (
        (("--images-ground", empty, "--images-satellite", empty), "holds no images"),
        (("--data", empty), "expected CVUSA's layout"),
    ):
        line = refusal(export, "--checkpoint", run, *images, *FP32, "--out", tmp_path / "new")
        assert said in line


def test_a_file_in_the_way_is_refused(
    run: Path, copy: Path, photo: Path, gallery: Path, refusal: Refusal, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("years of work")

    for words, said in (
        ((export, "--checkpoint", run, *FP32, "--out", file), "exists and is no bundle"),
        ((export, "--checkpoint", run, *FP32, "--out", file / "b"), "cannot write"),
        ((embed, copy, photo, "--view", "ground", "--gallery", file), "a gallery is a folder"),
        ((match, copy, photo, "--gallery", gallery, "--out", file / "b"), "cannot write"),
    ):
        assert said in refusal(*words)


def test_engines_are_not_written_over_a_file(
    copy: Path, refusal: Refusal, rtx: tuple[str, ...]
) -> None:
    (copy / "ground" / "engines").write_text("years of work")

    assert "cannot write engines to" in refusal(build, copy, *rtx, "--part", "ground")


def test_a_read_only_place_is_refused(
    run: Path, copy: Path, refusal: Refusal, tmp_path: Path
) -> None:
    tmp_path.chmod(0o555)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write everywhere")
        for out in (copy, tmp_path / "new"):
            assert "cannot write" in refusal(export, "--checkpoint", run, *FP32, "--out", out)
    finally:
        tmp_path.chmod(0o755)
