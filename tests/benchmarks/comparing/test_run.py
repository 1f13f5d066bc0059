"""Two bundles in turns, and what does not go together."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from clnet.benchmarks.cli.compare import compare as command
from clnet.benchmarks.comparing.bundles import Settings
from clnet.benchmarks.comparing.quality import DataSet
from clnet.benchmarks.comparing.report import ComparisonReport
from clnet.benchmarks.comparing.run import compare, compare_bundles
from clnet.runtime.errors import ConfigError, DataError


@pytest.fixture(scope="module")
def report(toy_bundle: Path) -> ComparisonReport:
    """The toy bundle against itself."""
    pytest.importorskip("onnxruntime", reason="the bundle runs on it: clnet[cpu]")
    return compare(toy_bundle, toy_bundle, rounds=2, batch=2)


def test_there_is_a_row_a_view_and_the_pair(report: ComparisonReport) -> None:
    assert [row.what for row in report.rows] == [
        f"embed {view} onnxruntime fp32 batch 2" for view in ("ground", "satellite", "pair")
    ]


def test_bundles_take_turns_in_as_many_rounds_as_asked(report: ComparisonReport) -> None:
    assert all(row.interleaved and row.blocks == 2 for row in report.rows)


def test_graphs_of_both_sides_are_named_by_hash(report: ComparisonReport) -> None:
    assert sorted(report.rows[-1].artifacts) == [
        "A ground graph",
        "A satellite graph",
        "B ground graph",
        "B satellite graph",
    ]


def test_the_same_bundle_gives_the_same_embeddings_and_it_is_said(
    report: ComparisonReport,
) -> None:
    (quality,) = report.quality
    assert quality.min_cosine == pytest.approx({"ground": 1.0, "satellite": 1.0})
    assert quality.same_space
    assert report.notes[0] == "A and B are the same bundle"
    assert report.notes[-1] == "no --data: recall and moved queries are not known"


def test_a_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.touch()
    with pytest.raises(ConfigError, match="give two files or two bundles"):
        compare(file, tmp_path)


def test_options_of_bundles_are_refused_with_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--batch, --data: for bundles alone"):
        compare(tmp_path / "a", tmp_path / "b", batch=1, data=tmp_path)


def test_unusable_data_is_found_before_anything_is_timed(toy_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        compare_bundles(toy_bundle, toy_bundle, Settings(rounds=9999), DataSet(tmp_path))


def test_unusable_input_is_one_line_and_status_2(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(command, [str(tmp_path / "a"), str(tmp_path / "b")])
    assert outcome.exit_code == 2
    assert outcome.stderr.startswith("error: cannot read")


def test_geojson_without_data_is_refused(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(
        command, [str(tmp_path), str(tmp_path), "--geojson", str(tmp_path / "x")]
    )
    assert outcome.exit_code == 2
    assert "--geojson needs --data" in outcome.stderr


@pytest.mark.slow
def test_a_damaged_branch_moves_queries(bundle: Path, town: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="a graph is changed with onnx: clnet[export]")
    damaged = _with_noisy_weights(bundle, tmp_path / "damaged")
    report = compare(bundle, damaged, rounds=2, batch=2, data=town)
    (quality,) = report.quality
    assert quality.moved
    assert quality.min_cosine["satellite"] == pytest.approx(1)
    assert quality.min_cosine["ground"] < 0.999
    assert quality.queries == quality.gallery == 40


def _with_noisy_weights(bundle: Path, out: Path) -> Path:
    """Copy a bundle; disturb the kernels of the ground branch's FP32 graph."""
    import shutil

    import numpy as np
    import onnx
    from onnx import numpy_helper

    from clnet.runtime.artifact import sha256_of
    from clnet.runtime.bundle import FileRecord, Manifest

    shutil.copytree(bundle, out)
    path = out / "ground" / "model.fp32.onnx"
    model = onnx.load(path)
    rng = np.random.default_rng(0)
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.ndim == 4:
            noise = rng.normal(0, 2 * values.std(), values.shape).astype(values.dtype)
            tensor.CopyFrom(numpy_helper.from_array(values + noise, tensor.name))
    onnx.save(model, path)
    manifest = Manifest.read(out / "manifest.json")
    record = FileRecord(sha256=sha256_of(path), size_bytes=path.stat().st_size)
    files = {**manifest.files, "ground/model.fp32.onnx": record}
    manifest.model_copy(update={"files": files}).write(out / "manifest.json")
    return out
