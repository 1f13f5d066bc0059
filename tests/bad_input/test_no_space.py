"""
No space left while writing: one line, and what was there before is as it was.

A limit on the size of files stops the same writes as a full disk, and needs neither.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("onnxscript", reason="not installed: pip install 'clnet[export]'")

from clnet.engines.cli import build
from clnet.runtime.gallery import Gallery

pytestmark = pytest.mark.slow

Tree = Callable[[Path], dict[str, str]]

FULL = """
import resource, signal, sys
from clnet.{module} import {command} as command
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
command(sys.argv[2:])
"""


def fails_when_full(command: str, limit_bytes: int, *words: object) -> None:
    module, _, name = command.rpartition(".")
    code = FULL.format(module=module, command=name)
    line = [sys.executable, "-c", code, str(limit_bytes), *map(str, words)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "File too large" in done.stderr


def test_an_export_keeps_the_old_bundle(run: Path, copy: Path, tree: Tree, tmp_path: Path) -> None:
    before = tree(tmp_path)
    words = ("--checkpoint", run, "--precision", "fp32", "--engine", "none", "--out", copy)

    fails_when_full("export.cli.export", 300_000, *words)

    assert tree(tmp_path) == before


def test_a_build_leaves_no_engine_and_no_repository(
    copy: Path, tree: Tree, rtx: tuple[str, ...], tmp_path: Path
) -> None:
    (copy / "ground" / "engines").mkdir()
    before = tree(tmp_path)
    words = (copy, *rtx, "--part", "ground", "--triton", tmp_path / "models")

    fails_when_full("engines.cli.build", 100_000, *words)

    assert tree(tmp_path) == before


def test_a_repository_of_models_stays_the_old_one(
    copy: Path, tree: Tree, rtx: tuple[str, ...], tmp_path: Path
) -> None:
    words = (copy, *rtx, "--part", "ground", "--triton", tmp_path / "models")
    assert CliRunner().invoke(build, [str(word) for word in words]).exit_code == 0
    before = tree(tmp_path)

    fails_when_full("engines.cli.build", 100_000, *words)  # the engine is there already

    assert tree(tmp_path) == before


def test_a_gallery_keeps_its_rows(bundle: Path, town: Path, gallery: Path, tmp_path: Path) -> None:
    old = Path(shutil.copytree(gallery, tmp_path / "gallery"))
    before = Gallery.open(old).read()
    words = (bundle, town / "streetview", "--view", "satellite", "--gallery", old)

    fails_when_full("runtime.cli.embed", 20_000, *words)

    after = Gallery.open(old).read()
    assert after.ids == before.ids
    np.testing.assert_array_equal(after.embeddings, before.embeddings)


def test_answers_stay_the_old_ones(
    bundle: Path, town: Path, gallery: Path, tree: Tree, tmp_path: Path
) -> None:
    (tmp_path / "answers.json").write_text("years of work")
    before = tree(tmp_path)
    words = (bundle, town / "streetview", "--gallery", gallery, "--format", "json")

    fails_when_full("runtime.cli.match", 2000, *words, "--out", tmp_path / "answers.json")
    fails_when_full("runtime.cli.match", 2000, *words, "--sheet", tmp_path / "sheet.png")

    assert tree(tmp_path) == before


def test_a_list_and_a_town_leave_nothing(town: Path, tree: Tree, tmp_path: Path) -> None:
    places = ("list", town, "--view", "ground", "--out", tmp_path / "x.csv")
    few = ("town", "--places", 8, "--test-places", 4, "--out", tmp_path / "town")

    fails_when_full("training.cli.data", 500, *places)
    fails_when_full("training.cli.data", 3000, *few)

    assert tree(tmp_path) == {}


def test_a_training_that_cannot_save_says_so(run: Path, town: Path, tmp_path: Path) -> None:
    network = json.loads((run / "config.json").read_text())["network"]
    settings = {"network": network, "steps": 2, "batch_size": 16, "warmup_steps": 1}
    settings["augmentation"] = {"rotate_probability": 0}  # its network sees no whole horizon
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps(settings))  # JSON is YAML

    words = ("--config", config, "--data", town, "--out", tmp_path / "out")
    fails_when_full("training.cli.train", 100_000, *words)

    assert list((tmp_path / "out").glob("*.safetensors")) == []
