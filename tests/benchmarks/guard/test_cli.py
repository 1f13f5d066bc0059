"""`clnet-bench check` before it measures anything."""

from pathlib import Path

from click.testing import CliRunner

from clnet.benchmarks.cli.check import check


def test_help_shows_how_to_record_and_to_prove() -> None:
    text = CliRunner().invoke(check, ["--help"]).output

    assert "clnet-bench check --record" in text
    assert "clnet-bench check --prove" in text


def test_nothing_committed_for_this_machine_is_one_line_and_status_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(check, ["--results", str(tmp_path)])

    assert result.exit_code == 2
    assert "no committed ratios for this machine" in result.output
    assert result.output.count("\n") == 1
