"""Ratios of earlier runs: kept by machine, and refused where they do not compare."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.benchmarks.guard.committed import append_run, check_network, ratios_file, read_committed
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.lines import write_lines
from clnet.benchmarks.records.ratio_result import RatioResult
from clnet.runtime.errors import ArtifactError

Runs = Callable[..., list[RatioResult]]


def test_each_machine_has_a_file_of_its_own(machine: Machine) -> None:
    other = machine.model_copy(update={"processor": "slide rule"})

    assert ratios_file(Path("r"), machine) != ratios_file(Path("r"), other)
    assert ratios_file(Path("r"), machine).name == "ratios.jsonl"


def test_runs_that_are_added_are_read_back(tmp_path: Path, runs: Runs) -> None:
    path, rows = tmp_path / "machine" / "ratios.jsonl", runs(5)
    for run in sorted({row.run for row in rows}):
        held = append_run([row for row in rows if row.run == run], path)

    assert held == 5
    assert read_committed(path) == rows


def test_a_machine_without_ratios_is_told_how_to_record_them(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"no committed ratios for this machine.*--record"):
        read_committed(tmp_path / "ratios.jsonl")


def test_four_runs_are_too_few(tmp_path: Path, runs: Runs) -> None:
    write_lines(runs(4), tmp_path / "ratios.jsonl")

    with pytest.raises(ArtifactError, match=r"at least 5 runs, got 4: record"):
        read_committed(tmp_path / "ratios.jsonl")


def test_another_edition_is_refused(
    tmp_path: Path, runs: Runs, row: Callable[..., RatioResult]
) -> None:
    path = tmp_path / "ratios.jsonl"
    write_lines([*runs(5), row(edition=99)], path)

    with pytest.raises(ArtifactError, match=r"edition 99, this clnet measures edition 1; delete"):
        read_committed(path)
    with pytest.raises(ArtifactError, match="edition 99"):
        append_run(runs(1), path)


def test_another_demo_network_is_refused(row: Callable[..., RatioResult]) -> None:
    rows = [row(), row(configuration={"backbone": "larger"})]

    with pytest.raises(ArtifactError, match="another demo network"):
        check_network(rows, Path("ratios.jsonl"))
