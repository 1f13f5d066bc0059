"""`clnet-bench latency --backend`: what a device's user gets, by the backends named alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graphs")

from clnet.benchmarks.cli import bench
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.lines import read_lines
from clnet.runtime.bundle import Bundle
from clnet.runtime.preprocess import VIEWS

HEAVY = ("torch", "torchvision", "timm", "onnx", "onnxscript", "onnxslim", "safetensors", "yaml")

BLOCKED = f"""
import sys
sys.modules.update(dict.fromkeys({HEAVY!r}))  # importing one of them now raises
from pathlib import Path
from clnet.benchmarks.latency import embed_worker
sys.exit(embed_worker.main(Path(sys.argv[1])))
"""

BLOCKED_COMMAND = f"""
import sys
sys.modules.update(dict.fromkeys({(*HEAVY, "onnxruntime")!r}))
from clnet.benchmarks.latency import by_backend
by_backend.WORKER = "another_worker"
from clnet.benchmarks.cli import bench
bench()
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(
        bench, ["latency", "--no-stages", *(str(argument) for argument in arguments)]
    )


def test_the_named_backend_alone_is_measured_from_uint8_images(
    toy_bundle: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"

    result = run(
        toy_bundle, "--backend", "onnxruntime", "--batch", 1, "--rounds", 2, "--json", path
    )

    assert result.exit_code == 0, result.output
    rows = read_lines(path, LatencyResult)
    assert [(row.view, row.backend, row.precision, row.span) for row in rows] == [
        (view, "onnxruntime", "fp32", "embed") for view in (*VIEWS, "pair")
    ]
    manifest = Bundle.open(toy_bundle).manifest
    graph = manifest.files["ground/model.fp32.onnx"].sha256
    assert rows[0].artifacts == {"ground graph": graph}
    assert rows[0].engines == {}
    assert (rows[0].transfers, rows[0].clock) == ("none", "host")
    assert (rows[0].peak_host_mib or 0) > 10
    assert rows[0].conditions is not None
    assert "toy, from uint8 images to embeddings, batch 1, SingleStream" in result.stdout
    assert "decoding and resizing are not" in result.stdout


def test_it_runs_where_nothing_heavy_can_be_imported(toy_bundle: Path, tmp_path: Path) -> None:
    """As on a device; only the backend's own process needs what the backend needs."""
    (tmp_path / "another_worker.py").write_text(BLOCKED)
    arguments = [
        "latency",
        "--no-stages",
        str(toy_bundle),
        "--backend",
        "onnxruntime",
        "--rounds",
        "1",
    ]

    done = subprocess.run(
        [sys.executable, "-c", BLOCKED_COMMAND, *arguments],
        env={"PYTHONPATH": ":".join([str(tmp_path), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )

    told = [f"{what}, batch {size}" for size in (1, 8) for what in ("warm up", "measure")]
    assert done.returncode == 0, done.stderr
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == told
    assert "torch" not in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--backend", "tensorrt"], "tensorrt fp32: {} holds no engine of the ground; build one"),
        (["--backend", "onnxruntime", "--precision", "fp16"], "onnxruntime fp16: {} holds no gro"),
        (["--precision", "fp16"], "--precision goes with --backend"),
        (["--backend", "tensorrt", "--network", "clnet-tiny"], "--backend and --all-back"),
    ],
)
def test_what_cannot_be_measured_is_one_line_status_2_and_no_row(
    toy_bundle: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    result = run(toy_bundle, *options, "--json", tmp_path / "rows.jsonl")

    assert result.exit_code == 2
    assert result.output.startswith(f"error: {message.format(toy_bundle)}")
    assert result.output.count("\n") == 1
    assert not (tmp_path / "rows.jsonl").exists()


def test_a_backend_that_fails_takes_the_others_rows_with_it(toy_bundle: Path) -> None:
    result = run(toy_bundle, "--backend", "onnxruntime", "--backend", "tensorrt")

    assert (result.exit_code, result.stdout) == (2, "")


def test_an_unknown_backend_is_a_usage_error(toy_bundle: Path) -> None:
    assert run(toy_bundle, "--backend", "cuda").exit_code == 2
