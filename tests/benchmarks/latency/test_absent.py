"""What a short run cannot tell is said in words, not left to an empty cell."""

from collections.abc import Callable

import pytest

from clnet.benchmarks.latency.absent import absent_figures
from clnet.benchmarks.latency.ran import Ran
from clnet.benchmarks.latency.rows import LatencyReport, Method, Run, Timed, latency_rows
from clnet.benchmarks.latency.run import told_once
from clnet.benchmarks.records.latency_result import LatencyResult

Times = Callable[..., Timed]

FAST, SLOW = Method("openvino", "fp32"), Method("torch_eager", "fp32")


@pytest.fixture
def rows(shared: Run, timed: Times) -> Callable[..., tuple[LatencyResult, ...]]:
    """Make rows of methods by their runs in each of so many rounds."""

    def make(runs: dict[Method, int], rounds: int) -> tuple[LatencyResult, ...]:
        nothing = Ran(artifacts={"ground": {}, "satellite": {}}, engines={})
        turns = {
            method: timed(*[((1.0,) * count, (1.0,) * count)] * rounds)
            for method, count in runs.items()
        }
        return latency_rows(shared, turns, dict.fromkeys(runs, nothing))

    return make


def test_a_percentile_that_some_methods_lack_names_them_with_their_runs(
    rows: Callable[..., tuple[LatencyResult, ...]],
) -> None:
    assert absent_figures(rows({FAST: 50, SLOW: 10}, 2)) == (
        "batch 4: no p99, which needs 100 runs: torch_eager fp32 (20)",
    )


def test_a_long_run_lacks_nothing(rows: Callable[..., tuple[LatencyResult, ...]]) -> None:
    assert absent_figures(rows({FAST: 10}, 10)) == ()


def test_a_single_run_lacks_every_percentile_and_says_so(
    rows: Callable[..., tuple[LatencyResult, ...]],
) -> None:
    *percentiles, last = absent_figures(rows({FAST: 1}, 1))

    assert [line.split(",")[0] for line in percentiles] == [
        f"batch 4: no {percentile}" for percentile in ("p90", "p95", "p99")
    ]
    assert last.startswith("batch 4: a single round: nothing is known of how ratios vary")


def test_a_single_round_says_that_ratios_have_no_spread(
    rows: Callable[..., tuple[LatencyResult, ...]],
) -> None:
    assert absent_figures(rows({FAST: 100}, 1)) == (
        "batch 4: a single round: nothing is known of how ratios vary",
    )


def test_a_note_is_told_by_the_first_report_alone(
    rows: Callable[..., tuple[LatencyResult, ...]],
) -> None:
    measured = rows({FAST: 1}, 1)

    first, second = told_once(
        [LatencyReport(measured, ("no energy", "one")), LatencyReport(measured, ("no energy",))]
    )

    assert (first.notes, second.notes) == (("no energy", "one"), ())
