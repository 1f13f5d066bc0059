"""`clnet-export --triton`, from a checkpoint to a repository that agrees with its graphs."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

onnx = pytest.importorskip("onnx", reason="graphs are read with onnx: clnet[export]")

from clnet.export.cli import export
from clnet.runtime.artifact import sha256_of
from clnet.runtime.preprocess import VIEWS


def run_export(run: Path, *more: object) -> Result:
    words = ("--checkpoint", run, "--precision", "fp32", "--engine", "none", *more)
    return CliRunner().invoke(export, [str(word) for word in words])


@pytest.mark.slow
def test_the_repository_serves_the_bundle_s_own_graphs(run: Path, tmp_path: Path) -> None:
    bundle, models = tmp_path / "bundle", tmp_path / "models"

    result = run_export(run, "--out", bundle, "--triton", models)

    assert result.exit_code == 0, result.output
    assert "clnet_satellite_cpu" in result.stdout
    for view in VIEWS:
        graph = bundle / view / "model.fp32.onnx"
        for model in (models / f"clnet_{view}", models / f"clnet_{view}_cpu"):
            assert sha256_of(model / "1" / "model.onnx") == sha256_of(graph)
            text = (model / "config.pbtxt").read_text()
            inside = onnx.load(graph).graph
            for tensor in (*inside.input, *inside.output):
                dims = [axis.dim_value for axis in tensor.type.tensor_type.shape.dim][1:]
                block = text.partition(f'name: "{tensor.name}"\n')[2]
                assert block.startswith(f"  data_type: TYPE_FP32\n  dims: [ {str(dims)[1:-1]} ]\n")


@pytest.mark.slow
def test_a_folder_of_somebody_else_is_refused_before_any_work(run: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "thesis.txt").write_text("years of work")

    result = run_export(run, "--out", tmp_path / "bundle", "--triton", tmp_path / "models")

    assert result.exit_code == 2
    assert "no model repository that clnet wrote" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["models"]
