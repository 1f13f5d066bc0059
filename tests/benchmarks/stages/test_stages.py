"""Starts, decoding and the road, measured in processes of their own."""

from pathlib import Path

import pytest

from clnet.benchmarks.latency.rows import Method
from clnet.benchmarks.measuring.plan import Budget
from clnet.benchmarks.records.lines import read_rows, write_lines
from clnet.benchmarks.stages import starts
from clnet.benchmarks.stages.stages import StageReport, measure_stages
from clnet.runtime.bundle import Bundle
from clnet.runtime.errors import MeasurementFailed

ONNX = Method("onnxruntime", "fp32")
TENSORRT = Method("tensorrt", "fp32")
ROAD = ("decode", "preprocess", "embed", "match", "road")
BRIEF = Budget(seconds=0.1, rounds=2)

WITHOUT_TORCH = """
import sys
sys.modules.update(dict.fromkeys(("torch", "timm", "onnx", "onnxscript", "yaml")))
from pathlib import Path
from clnet.benchmarks.stages import road_worker
sys.exit(road_worker.main(Path(sys.argv[1])))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(searchable: Bundle, tmp_path_factory: pytest.TempPathFactory) -> StageReport:
    """Of ONNX Runtime where torch cannot be imported, and of a backend that is not there."""
    folder = tmp_path_factory.mktemp("stages")
    (folder / "torchless_worker.py").write_text(WITHOUT_TORCH)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setattr(starts, "WORKER", "torchless_worker")
        return measure_stages(
            searchable,
            folder / "work",
            methods=[TENSORRT, ONNX],
            skip_absent=True,
            budget=BRIEF,
            gallery=30,
        )


def test_it_has_rows_without_a_backend_and_the_starts_and_the_road_of_each(
    report: StageReport,
) -> None:
    assert [(row.stage, row.view, row.backend) for row in report.rows] == [
        ("decode", "ground", None),
        ("preprocess", "ground", None),
        ("decode", "satellite", None),
        ("preprocess", "satellite", None),
        ("start_up", None, "onnxruntime"),
        ("first_call", "ground", "onnxruntime"),
        ("first_call", "satellite", "onnxruntime"),
        *((stage, "ground", "onnxruntime") for stage in ROAD),
    ]


def test_every_figure_was_measured(report: StageReport) -> None:
    assert all(min(row.samples_ms) > 0 for row in report.rows)


def test_a_start_up_has_three_processes_each_slower_than_its_first_call(
    report: StageReport,
) -> None:
    rows = {(row.stage, row.view): row for row in report.rows}

    start_up, first_call = rows["start_up", None], rows["first_call", "ground"]
    assert start_up.samples == first_call.samples == 3
    assert min(start_up.samples_ms) > max(first_call.samples_ms)


def test_a_backend_that_cannot_run_is_a_note_where_it_may_be_skipped(report: StageReport) -> None:
    assert any(note.startswith("not measured: tensorrt fp32: ") for note in report.notes)


def test_its_rows_are_read_as_they_were_written(report: StageReport, tmp_path: Path) -> None:
    write_lines(report.rows, tmp_path / "rows.jsonl")

    assert read_rows(tmp_path / "rows.jsonl") == list(report.rows)


def test_a_bundle_without_a_matcher_has_starts_and_says_why_it_has_no_road(
    toy_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graphs")
    monkeypatch.setattr(starts, "STARTS", 1)

    report = measure_stages(
        Bundle.open(toy_bundle), tmp_path, methods=[ONNX], budget=BRIEF, gallery=5
    )

    assert "start_up" in {row.stage for row in report.rows}
    assert "road" not in {row.stage for row in report.rows}
    assert any("holds no matcher.onnx" in note for note in report.notes)


def test_a_backend_asked_for_that_cannot_run_is_an_error(
    searchable: Bundle, tmp_path: Path
) -> None:
    with pytest.raises(MeasurementFailed, match=r"tensorrt fp32: .* holds no engine"):
        measure_stages(searchable, tmp_path, methods=[TENSORRT], budget=BRIEF, gallery=5)
