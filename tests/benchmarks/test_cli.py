"""What `clnet-bench` says before it measures anything."""

import pytest
from click.testing import CliRunner

from clnet.benchmarks.cli import bench


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "Example: clnet-bench latency bundle"),
        (["latency"], "clnet-bench latency --config configs/demo.yaml"),
        (["matching"], "clnet-bench matching --json matching.jsonl"),
    ],
)
def test_help_shows_examples(arguments: list[str], text: str) -> None:
    assert text in CliRunner().invoke(bench, [*arguments, "--help"]).output


@pytest.mark.parametrize(
    "arguments", [["latency", "--batch", "0"], ["matching", "--k", "0"], ["matching", "--rounds=0"]]
)
def test_counts_below_one_are_usage_errors(arguments: list[str]) -> None:
    assert CliRunner().invoke(bench, arguments).exit_code == 2


def test_a_folder_that_is_no_bundle_is_one_line_and_status_2(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    result = CliRunner().invoke(bench, ["latency", str(tmp_path_factory.mktemp("empty"))])

    assert result.exit_code == 2
    assert "is no bundle" in result.output
    assert result.output.count("\n") == 1
