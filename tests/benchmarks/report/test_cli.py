"""`clnet-bench report` as a command."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("matplotlib", reason="plots are drawn with matplotlib: clnet[bench]")
pytest.importorskip("jinja2", reason="the page is a Jinja2 template: clnet[bench]")

from clnet.benchmarks.cli.report import report
from clnet.benchmarks.records.lines import write_lines
from clnet.benchmarks.records.result import Result


def test_files_of_several_kinds_make_one_page(all_kinds: Sequence[Result], tmp_path: Path) -> None:
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    write_lines(all_kinds[:4], files[0])
    write_lines(all_kinds[4:], files[1])
    out = tmp_path / "pages" / "report.html"

    result = CliRunner().invoke(report, [*map(str, files), "--out", str(out)])

    assert result.exit_code == 0, result.output
    assert result.output == f"{out}\n"
    assert f"from {len(all_kinds)} rows" in out.read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no rows"),
        ('{"schema_version": 3}\n', "schema version 3"),
        ("half a li", "no JSON"),
    ],
)
def test_an_unusable_file_is_one_line_and_status_2(tmp_path: Path, text: str, message: str) -> None:
    path, out = tmp_path / "rows.jsonl", tmp_path / "report.html"
    path.write_text(text)
    out.write_text("as it was")

    result = CliRunner().invoke(report, [str(path), "--out", str(out)])

    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1
    assert out.read_text() == "as it was"


def test_a_folder_that_is_no_bundle_is_one_line_and_status_2(
    all_kinds: Sequence[Result], tmp_path: Path
) -> None:
    write_lines(all_kinds, tmp_path / "rows.jsonl")
    arguments = [str(tmp_path / "rows.jsonl"), "--bundle", str(tmp_path)]

    result = CliRunner().invoke(report, [*arguments, "--out", str(tmp_path / "report.html")])

    assert result.exit_code == 2
    assert "is no bundle" in result.output


def test_a_missing_extra_is_named(
    all_kinds: Sequence[Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lines(all_kinds, tmp_path / "rows.jsonl")
    monkeypatch.setattr("clnet.runtime.extras.is_installed", lambda module: module != "matplotlib")

    result = CliRunner().invoke(report, [str(tmp_path / "rows.jsonl")])

    assert result.exit_code == 2
    assert "matplotlib" in result.output
    assert "bench" in result.output
