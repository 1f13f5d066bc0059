"""`clnet-bench latency`: the stages come after the branches, where there is a bundle."""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from clnet.benchmarks.cli import bench
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.lines import read_rows
from clnet.benchmarks.records.stage_result import StageResult
from clnet.benchmarks.stages.run import stages_run
from clnet.runtime.bundle import Bundle


@pytest.mark.slow
@pytest.mark.parametrize(("options", "stages"), [(["--places", "20"], 12), (["--no-stages"], 0)])
def test_the_file_holds_a_row_for_each_stage_after_those_of_the_branches(
    searchable: Bundle, tmp_path: Path, options: list[str], stages: int
) -> None:
    path = tmp_path / "rows.jsonl"
    words = ["latency", str(searchable.path), "--backend", "onnxruntime", "--batch", "1"]

    result = CliRunner().invoke(bench, [*words, "--rounds", "1", *options, "--json", str(path)])

    assert result.exit_code == 0, result.output
    rows = read_rows(path)
    assert Counter(type(row) for row in rows) == Counter({LatencyResult: 3, StageResult: stages})
    assert isinstance(rows[0], LatencyResult)
    assert {row.gallery for row in rows if isinstance(row, StageResult)} <= {None, 20}


def test_a_network_without_a_bundle_has_no_stages() -> None:
    assert stages_run([], None) == ()
