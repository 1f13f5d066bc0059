"""`clnet-bench latency --all-backends`: what runs here is measured, the rest says why not."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graphs")

from clnet.benchmarks.cli import bench
from clnet.benchmarks.latency import all_backends
from clnet.benchmarks.latency.rows import Method
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.lines import read_lines

FP32, CUDA = Method("onnxruntime", "fp32"), Method("onnxruntime-cuda", "fp16")


def run(*arguments: object) -> Result:
    words = ["latency", "--no-stages", *(str(argument) for argument in arguments)]
    return CliRunner().invoke(bench, words)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """One method that runs, and one that cannot."""
    monkeypatch.setattr(all_backends, "METHODS", (FP32, CUDA))


@pytest.mark.usefixtures("two")
def test_what_runs_is_measured_alone_and_in_batches_and_advised(
    toy_bundle: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"

    result = run(
        toy_bundle, "--all-backends", "--batch", 1, "--batch", 2, "--rounds", 1, "--json", path
    )

    assert result.exit_code == 0, result.output
    pairs = [row for row in read_lines(path, LatencyResult) if row.view == "pair"]
    assert [(row.backend, row.batch) for row in pairs] == [("onnxruntime", 1), ("onnxruntime", 2)]
    line = "--backend onnxruntime --precision fp32 (1.00x onnxruntime fp32, min cosine 1.00000)"
    lines = result.stdout.splitlines()
    assert f"advice, batch 1: {line}" in lines
    assert f"advice, batch 2: {line}" in lines


@pytest.mark.usefixtures("two")
def test_what_cannot_run_is_told_once_with_its_reason(toy_bundle: Path) -> None:
    result = run(toy_bundle, "--all-backends", "--batch", 1, "--batch", 2, "--rounds", 1)

    (told,) = (line for line in result.stdout.splitlines() if line.startswith("not measured: "))
    assert told.startswith(f"not measured: onnxruntime-cuda fp16: {toy_bundle} holds no ground/")


@pytest.mark.skipif(find_spec("openvino") is None, reason="pip install '.[openvino]'")
@pytest.mark.slow
def test_openvino_is_compared_with_the_fp32_reference(toy_bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"

    result = run(toy_bundle, "--all-backends", "--batch", 1, "--rounds", 1, "--json", path)

    assert result.exit_code == 0, result.output
    rows = {(row.view, row.backend): row for row in read_lines(path, LatencyResult)}
    assert rows["pair", "openvino"].ratio_to_fp32_reference is not None
    assert rows["pair", "openvino"].min_cosine_to_fp32_reference == pytest.approx(1, abs=1e-4)


def test_where_nothing_can_run_every_reason_is_in_the_error(
    toy_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_backends, "METHODS", (CUDA, Method("tensorrt", "fp32")))

    result = run(toy_bundle, "--all-backends")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.output.startswith("error: no backend can run here: onnxruntime-cuda fp16: ")
    assert "tensorrt fp32: " in result.output


@pytest.mark.parametrize("option", [("--backend", "onnxruntime"), ("--precision", "fp32")])
def test_all_backends_are_asked_for_alone(toy_bundle: Path, option: tuple[str, str]) -> None:
    result = run(toy_bundle, "--all-backends", *option)

    assert result.exit_code == 2
    assert result.output.startswith("error: --all-backends tries them all, in every precision")
