"""Two result files."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clnet.benchmarks.comparing.files import FILES_MARGIN, compare_files
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.accuracy_result import AccuracyResult, Share
from clnet.benchmarks.records.flops_result import FlopsResult
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.lines import read_rows, write_lines
from clnet.benchmarks.records.result import Result
from clnet.benchmarks.tables.terminal import report_text
from clnet.runtime.errors import ArtifactError

Rows = Callable[..., LatencyResult]
Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write rows to a file of that name."""

    def write(name: str, *rows: Result) -> Path:
        write_lines(rows, tmp_path / name)
        return tmp_path / name

    return write


def _noisy(ms: float, seed: int, rounds: int = 20) -> list[float]:
    return list(ms * np.exp(np.random.default_rng(seed).normal(0, 0.02, rounds)))


def test_a_file_against_itself_cannot_be_told_apart(latency_row: Rows, written: Write) -> None:
    file = written("a.jsonl", latency_row(*_noisy(10.0, 0)))
    report = compare_files(file, file)
    assert [row.ratio for row in report.rows] == pytest.approx([1.0])
    assert [row.verdict for row in report.rows] == ["cannot tell"]
    assert "A and B are the same file" in report.notes


def test_twice_the_time_is_slower(latency_row: Rows, written: Write) -> None:
    a = written("a.jsonl", latency_row(*_noisy(10.0, 0)))
    b = written("b.jsonl", latency_row(*_noisy(20.0, 1)))
    (row,) = compare_files(a, b).rows
    assert (row.a, row.b, row.verdict, row.blocks) == ("a.jsonl", "b.jsonl", "slower", 20)
    assert row.ratio == pytest.approx(2, rel=0.05)
    assert row.margin == FILES_MARGIN


def test_it_is_said_that_two_runs_took_no_turns(latency_row: Rows, written: Write) -> None:
    file = written("a.jsonl", latency_row(1.0, 1.1))
    report = compare_files(file, file)
    assert not report.rows[0].interleaved
    assert any(note.startswith("A and B were measured in two runs") for note in report.notes)


def test_the_mood_of_the_machine_cancels_by_the_yardstick(
    latency_row: Rows, eager_row: Rows, written: Write
) -> None:
    a = written("a.jsonl", latency_row(*_noisy(10.0, 0)), eager_row(*_noisy(30.0, 1)))
    # everything takes twice as long on that day
    b = written("b.jsonl", latency_row(*_noisy(20.0, 2)), eager_row(*_noisy(60.0, 3)))
    row, yardstick = compare_files(a, b).rows
    assert (row.yardstick, row.verdict) == ("torch_eager fp32", "cannot tell")
    assert row.ratio == pytest.approx(1, rel=0.05)
    assert row.b_ms / row.a_ms == pytest.approx(2, rel=0.05)
    assert (yardstick.yardstick, yardstick.verdict) == (None, "slower")


def test_a_single_sample_cannot_tell(latency_row: Rows, written: Write) -> None:
    a, b = written("a.jsonl", latency_row(1.0)), written("b.jsonl", latency_row(9.0))
    (row,) = compare_files(a, b).rows
    assert (row.low, row.high, row.verdict) == (None, None, "cannot tell")
    assert row.doubt == "1 of the 5 blocks that a verdict needs"


def test_differences_of_the_machine_stand_in_the_row_and_in_the_notes(
    latency_row: Rows, written: Write, machine: Machine
) -> None:
    other = machine.model_copy(update={"processor": "slide rule"})
    a = written("a.jsonl", latency_row(1.0, 1.1))
    b = written("b.jsonl", latency_row(1.0, 1.1, machine=other))
    report = compare_files(a, b)
    assert report.rows[0].differences == ("processor abacus -> slide rule",)
    assert "differs: processor abacus -> slide rule" in report.notes


def test_files_without_a_common_row_are_refused(latency_row: Rows, written: Write) -> None:
    a, b = written("a.jsonl", latency_row(1.0)), written("b.jsonl", latency_row(1.0, batch=9))
    with pytest.raises(ArtifactError, match=r"no row in common; only in A: .* batch 4"):
        compare_files(a, b)


def test_another_schema_version_is_refused(latency_row: Rows, written: Write) -> None:
    a, b = written("a.jsonl", latency_row(1.0)), written("b.jsonl", latency_row(1.0))
    b.write_text(b.read_text().replace('"schema_version":4', '"schema_version":3'))
    with pytest.raises(ArtifactError, match="schema version 3"):
        compare_files(a, b)


def test_flops_have_an_exact_ratio(machine: Machine, written: Write) -> None:
    a, b = (
        written(
            name,
            *(
                FlopsResult(
                    versions={}, machine=machine, network="toy", benchmark="cvusa", view="pair",
                    module=module, counter="torch", macs=macs, flops=2 * macs, params=10,
                    activation_bytes=None,
                )
                for module, macs in (("total", macs), ("head", 7))
            ),
        )
        for name, macs in (("a.jsonl", 1000), ("b.jsonl", 320))
    )  # fmt: skip
    report = compare_files(a, b)
    assert report.rows == ()
    assert report.notes == (
        "flops toy cvusa pair total torch: 1,000 -> 320 MACs (exactly 0.3200), 10 -> 10 weights",
        "equal counts of MACs and weights: 1",
    )


def test_recalls_stand_side_by_side(machine: Machine, written: Write) -> None:
    files = []
    for name, percent in (("a.jsonl", 80.0), ("b.jsonl", 70.0)):
        share = Share(percent=percent, low=percent - 5, high=percent + 5)
        row = AccuracyResult(
            versions={}, machine=machine, network="toy", data="town", layout="cvusa",
            protocol="1:1", backend="onnxruntime", precision="fp32", queries=40, gallery=40,
            recall_at={"1": share}, lost_at_1=None, moved_queries=None, min_cosine=None,
        )  # fmt: skip
        files.append(written(name, row))
    (found,) = compare_files(*files).quality
    assert (found.recall_a["1"].percent, found.recall_b["1"].percent) == (80.0, 70.0)
    assert found.gained_at_1 is None


def test_what_a_comparison_writes_can_be_read(
    latency_row: Rows, written: Write, tmp_path: Path
) -> None:
    file = written("a.jsonl", latency_row(1.0, 1.1))
    rows = compare_files(file, file).all_rows
    write_lines(rows, tmp_path / "c.jsonl")
    assert read_rows(tmp_path / "c.jsonl") == list(rows)


def test_a_file_of_counts_beside_itself_has_nothing_but_notes(
    flops_row: Rows, written: Write
) -> None:
    file = written("a.jsonl", flops_row("toy", "total", 5))

    report = compare_files(file, file)
    text = report_text(report.all_rows, report.notes)

    assert "equal counts of MACs and weights: 1" in text


def test_networks_of_different_configurations_are_told_first(
    latency_row: Rows, written: Write
) -> None:
    a = written("a.jsonl", latency_row(1.0, 1.1))
    b = written("b.jsonl", latency_row(1.0, 1.1, configuration={"backbone": "another"}))

    assert compare_files(a, b).notes[0].startswith("A and B ran networks of different")
