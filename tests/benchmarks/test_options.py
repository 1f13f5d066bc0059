"""Options that several benchmarks share refuse at once what would fail after minutes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from clnet.benchmarks.cli import bench


@pytest.mark.parametrize("value", ["nan", "inf"])
@pytest.mark.parametrize(
    "command", [["latency", "bundle", "--seconds"], ["compare", "a", "b", "--margin"]]
)
def test_a_number_that_is_none_is_a_usage_error(command: list[str], value: str) -> None:
    done = CliRunner().invoke(bench, [*command, value])

    assert done.exit_code == 2
    assert f"{value} is no number to reckon with" in done.output


def test_a_folder_for_rows_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    done = CliRunner().invoke(bench, ["matching", "--json", str(tmp_path)])

    assert done.exit_code == 2
    assert "is a folder" in done.output


def test_a_file_for_rows_in_a_file_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = CliRunner().invoke(bench, ["matching", "--json", str(tmp_path / "file" / "rows.jsonl")])

    assert done.exit_code == 2
    assert "cannot write" in done.output
