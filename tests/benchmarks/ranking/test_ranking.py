"""The whole of `clnet-bench ranking`, at a small size."""

from pathlib import Path

from click.testing import CliRunner

from clnet.benchmarks.cli import bench
from clnet.benchmarks.measuring.resident import peak_mib
from clnet.benchmarks.ranking.ranking import RankingResult
from clnet.benchmarks.records.lines import read_lines


def test_ranks_are_timed_beside_their_product(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    sizes = ["--queries=40", "--gallery=300", "--dim=16", "--rounds=2"]

    result = CliRunner().invoke(bench, ["ranking", *sizes, "--json", str(path)])

    assert result.exit_code == 0, result.output
    rows = {row.method: row for row in read_lines(path, RankingResult)}
    assert list(rows) == ["clnet_ranks", "product_blocks"]
    assert rows["product_blocks"].ratio_to_product == 1.0
    assert all((row.peak_above_inputs_mib or 0) > 10 and row.gflops > 0 for row in rows.values())
    assert "ranks of 40 queries x 300 rows x 16-d" in result.stdout


def test_a_system_that_tells_no_peak_is_no_error(tmp_path: Path) -> None:
    assert peak_mib(tmp_path / "status") is None


def test_the_peak_is_read_in_mib(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tpython\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n")

    assert peak_mib(status) == 2.0
