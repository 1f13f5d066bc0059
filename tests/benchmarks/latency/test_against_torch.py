"""The whole of `clnet-bench latency`, on toys."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clnet.benchmarks.cli import bench
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.lines import read_lines
from clnet.runtime import extras
from clnet.runtime.preprocess import VIEWS

NETWORK = """
network:
  backbone: convnext_atto
  backbone_options: {kernel_sizes: 3, depths: [1, 1, 1, 1], dims: [8, 16, 24, 32]}
  ground: {view: ground, height: 32, width: 128}
  satellite: {view: satellite, height: 64, width: 64}
steps: 1
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(
        bench, ["latency", "--no-stages", *(str(argument) for argument in arguments)]
    )


def onnxruntime_alone(name: str) -> object:
    return None if name in ("torch", "openvino") else find_spec(name)


def test_a_bundle_is_measured_without_torch_and_openvino_and_their_absence_is_said(
    toy_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graph")
    monkeypatch.setattr(extras, "find_spec", onnxruntime_alone)
    path = tmp_path / "rows.jsonl"

    result = run(toy_bundle, "--batch", 2, "--rounds", 5, "--json", path)

    assert result.exit_code == 0, result.output
    rows = read_lines(path, LatencyResult)
    assert [(row.view, row.backend) for row in rows] == [
        (view, "onnxruntime") for view in (*VIEWS, "pair")
    ]
    assert all(row.ratio_to_torch_eager_fp32 is None for row in rows)
    assert rows[0].samples == 100
    assert rows[0].p99_ms is not None
    assert rows[0].network == "toy"
    assert "torch is not installed (pip install '.[train]')" in result.stdout
    assert "openvino is not installed (pip install '.[openvino]')" in result.stdout
    assert "not an MLPerf result" in result.stdout


def test_a_bundle_whose_network_does_not_fit_its_branches_is_one_line_and_status_2(
    toy_bundle: Path,
) -> None:
    pytest.importorskip("torch", reason="without torch the network is not rebuilt")

    result = run(toy_bundle)

    assert result.exit_code == 2
    assert result.output.startswith(f"error: {toy_bundle}: network and ground/preprocess.json")
    assert result.output.count("\n") == 1


def test_two_subjects_at_once_are_refused(toy_bundle: Path) -> None:
    result = run(toy_bundle, "--network", "clnet-tiny")

    assert result.exit_code == 2
    assert result.output == "error: give one of BUNDLE, --config and --network\n"


def test_a_missing_onnxruntime_is_named(toy_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)

    result = run(toy_bundle)

    assert result.exit_code == 2
    assert result.output == "error: onnxruntime is not installed: pip install '.[cpu]'\n"


@pytest.mark.slow
def test_a_configuration_is_measured_by_every_method_with_equal_embeddings(tmp_path: Path) -> None:
    for module in ("torch", "timm", "onnxscript", "onnxslim", "onnxruntime"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    config, path = tmp_path / "small.yaml", tmp_path / "rows.jsonl"
    config.write_text(NETWORK)

    result = run("--config", config, "--batch", 1, "--rounds", 2, "--json", path)

    assert result.exit_code == 0, result.output
    rows = {(row.view, row.backend, row.precision): row for row in read_lines(path, LatencyResult)}
    eager = rows["pair", "torch_eager", "fp32"]
    ours = rows["pair", "onnxruntime", "fp32"]
    assert eager.ratio_to_torch_eager_fp32 == 1.0
    assert ours.ratio_to_torch_eager_fp32 is not None
    assert (ours.network, ours.scenario) == ("small", "SingleStream")
    assert {backend for _, backend, _ in rows} >= {"openvino"} or find_spec("openvino") is None
    for (view, backend, precision), row in rows.items():
        if view != "pair":
            limit = 1e-5 if precision == "fp32" else 1e-3
            cosine = row.min_cosine_to_torch_eager_fp32
            assert cosine == pytest.approx(1, abs=limit), (backend, precision)
