"""`clnet-bench accuracy` on a bundle that embeds the mean colour, without torch."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

from clnet.benchmarks.cli import bench
from clnet.benchmarks.records.accuracy_result import AccuracyResult
from clnet.benchmarks.records.lines import read_lines
from clnet.runtime.bundle import Manifest
from clnet.runtime.extras import is_installed

PLACES = 12


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Places of one colour each; the tiles of the first two are exchanged."""
    import cv2

    folder = tmp_path_factory.mktemp("colours")
    shades = np.random.default_rng(0).integers(0, 256, (PLACES, 3))
    rows = []
    for n, shade in enumerate(shades):
        tile = shades[1 - n] if n < 2 else shade
        for part, colour in (("bingmap/19", tile), ("streetview/panos", shade)):
            (folder / part).mkdir(parents=True, exist_ok=True)
            picture = np.full((16, 32, 3), colour, np.uint8)
            cv2.imwrite(str(folder / part / f"{n + 1:07}.png"), picture)
        rows.append(f"bingmap/19/{n + 1:07}.png,streetview/panos/{n + 1:07}.png,none.png")
    (folder / "splits").mkdir()
    (folder / "splits" / "val-19zl.csv").write_text("\n".join(rows))
    return folder


def accuracy(bundle: Path, data: Path, *options: str) -> Result:
    arguments = ["accuracy", str(bundle), "--data", str(data), "--layout", "cvusa", *options]
    return CliRunner().invoke(bench, arguments)


def test_the_recall_is_that_of_the_data_and_what_is_unknown_is_said(
    toy_bundle: Path, colours: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"

    result = accuracy(toy_bundle, colours, "--json", str(path))

    assert result.exit_code == 0, result.output
    (row,) = read_lines(path, AccuracyResult)
    assert (row.backend, row.precision, row.tf32) == ("onnxruntime", "fp32", False)
    assert (row.network, row.data, row.queries, row.gallery) == ("toy", colours.name, 12, 12)
    at_1 = row.recall_at["1"]
    assert at_1.percent == pytest.approx(100 * 10 / 12)
    assert (at_1.low, at_1.high) == pytest.approx((55.20, 95.30), abs=0.01)
    assert row.recall_at["10"].percent >= at_1.percent
    assert (row.lost_at_1, row.moved_queries, row.min_cosine) == (None, None, None)
    assert set(row.artifacts) == {"ground graph", "satellite graph", "data"}
    assert "there is no reference (--checkpoint RUN)" in result.stdout
    assert 'the manifest says "retrieval: not measured"' in result.stdout
    assert "the bundle holds no parity.json" in result.stdout


def test_all_backends_follow_one_protocol_and_absent_ones_are_named(
    toy_bundle: Path, colours: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"

    result = accuracy(toy_bundle, colours, "--all-backends", "--json", str(path))

    assert result.exit_code == 0, result.output
    rows = read_lines(path, AccuracyResult)
    ran = {(row.backend, row.precision) for row in rows}
    assert ("onnxruntime", "fp32") in ran
    assert ("onnxruntime", "fp16") not in ran
    assert (("openvino", "fp32") in ran) is is_installed("openvino")
    assert len({row.protocol for row in rows}) == 1
    fp32 = [row.recall_at["1"].percent for row in rows if row.precision == "fp32"]
    assert fp32 == pytest.approx([100 * 10 / 12] * len(fp32))
    assert "not measured: tensorrt fp32: " in result.stdout


def test_a_manifest_that_says_measured_is_not_contradicted(
    toy_bundle: Path, colours: Path, tmp_path: Path
) -> None:
    bundle = shutil.copytree(toy_bundle, tmp_path / "measured")
    manifest = Manifest.read(bundle / "manifest.json")
    manifest.model_copy(update={"retrieval": "measured"}).write(bundle / "manifest.json")

    assert "not measured" not in accuracy(bundle, colours).stdout.replace("-: not measured", "")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--backend", "tensorrt"], "holds no engine of the ground"),
        (["--backend", "openvino", "--precision", "fp16"], "openvino does not compute in fp16"),
        (["--precision", "fp16"], "holds no ground/model.fp16.onnx"),
        (["--precision", "bf16"], "onnxruntime does not compute in bf16"),
        (["--all-backends", "--backend", "openvino"], "give it without --backend"),
        (["--layout", "nowhere"], "nowhere"),
        (["--split", "train"], "cannot read "),
    ],
)
def test_what_was_asked_for_and_cannot_run_is_one_line_and_status_2(
    toy_bundle: Path, colours: Path, options: list[str], reason: str
) -> None:
    result = accuracy(toy_bundle, colours, *options)

    assert result.exit_code == 2
    assert reason in result.output
    assert "Traceback" not in result.output
