"""NVIDIA's own tool, and onnx's checker, accept every graph of a bundle."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

for module in ("onnx", "onnxruntime"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")
pytest.importorskip("polygraphy", reason="polygraphy is not installed: pip install 'clnet[dev]'")

import onnx

from clnet.runtime import Bundle

pytestmark = pytest.mark.slow

PIXELS = ("--val-range", "images:[0,255]")

MATCHER = ("--input-shapes", "queries:[4,{dim}]", "gallery:[64,{dim}]", "--val-range", "k:[10,10]")
"""Polygraphy's own choice is one row, one query and K = 1, which proves little."""


@pytest.fixture(scope="module", params=["float32", "uint8"])
def accepted(
    request: pytest.FixtureRequest,
    bundle: Path,
    run: Path,
    town: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A bundle for each of the inputs that graphs take."""
    if request.param == "float32":
        return bundle
    from clnet.export.bundle_writer import export_bundle
    from clnet.export.gate.images import held_out_images
    from clnet.training.checkpoint import load_checkpoint

    folder = tmp_path_factory.mktemp("pixels") / "bundle"
    images = held_out_images(town, "cvusa")
    export_bundle(load_checkpoint(run), folder, "fp16", images, input_type="uint8")
    return folder


def graphs(bundle: Path) -> dict[str, tuple[str, ...]]:
    """Every graph of the bundle, and the inputs that polygraphy is told of."""
    opened = Bundle.open(bundle)
    told = tuple(word.format(dim=opened.manifest.embedding_dim) for word in MATCHER)
    names = [name for name in opened.manifest.files if name.endswith(".onnx")]
    assert len(names) >= 5
    branch = PIXELS if opened.manifest.input == "uint8" else ()
    return {name: told if name == "matcher.onnx" else branch for name in names}


def polygraphy(*words: object) -> str:
    # Its command is a script with no module of that name; nothing may be installed on the way.
    command = [Path(sys.executable).parent / "polygraphy", *words]
    environment = {**os.environ, "POLYGRAPHY_AUTOINSTALL_DEPS": "0", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_polygraphy_runs_every_graph(accepted: Path) -> None:
    for name, inputs in graphs(accepted).items():
        told = polygraphy("run", accepted / name, "--onnxrt", "--validate", *inputs)
        assert "PASSED" in told, f"{name}: {told}"


def test_polygraphy_inspects_every_graph(accepted: Path) -> None:
    dim = Bundle.open(accepted).manifest.embedding_dim
    for name in graphs(accepted):
        told = polygraphy("inspect", "model", accepted / name)
        ends = "('Q', 'K')" if name == "matcher.onnx" else f"('batch', {dim})"
        assert f"shape={ends}" in told, f"{name}: {told}"


def test_the_checker_accepts_every_graph_in_full(accepted: Path) -> None:
    for name in graphs(accepted):
        onnx.checker.check_model(accepted / name, full_check=True)
