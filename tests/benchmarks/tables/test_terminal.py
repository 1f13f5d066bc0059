"""Tables in a terminal say what is absent and what to distrust."""

from collections.abc import Callable

import pytest

from clnet.benchmarks.latency.ran import Ran
from clnet.benchmarks.latency.rows import Method, Run, Timed, latency_rows
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.tables.latency import latency_tables
from clnet.benchmarks.tables.table import ABSENT
from clnet.benchmarks.tables.terminal import report_text


@pytest.fixture
def rows(shared: Run, eager: Method, timed: Callable[..., Timed]) -> tuple[LatencyResult, ...]:
    ran = Ran(artifacts={"ground": {}, "satellite": {}}, engines={})
    return latency_rows(shared, {eager: timed(((1.0,), (2.0,)))}, {eager: ran})


def test_a_percentile_that_no_row_has_is_no_column(rows: tuple[LatencyResult, ...]) -> None:
    (table,) = latency_tables(rows)

    names = [head.name for head in table.heads]
    assert "p50 ms" in names
    assert "p99 ms" not in names


def test_a_figure_that_one_row_lacks_is_a_dash(rows: tuple[LatencyResult, ...]) -> None:
    known = rows[0].model_copy(update={"p90_ms": 1.0})
    (table,) = latency_tables([known, *rows[1:]])

    at = [head.name for head in table.heads].index("p90 ms")
    assert [line[at] for line in table.lines] == ["1.00", ABSENT, ABSENT]


@pytest.mark.parametrize(
    ("field", "value", "warning"),
    [
        ("others_cores", 0.5, "Others were at work"),
        (
            "stationary",
            False,
            "did not settle during warm-up (ground torch_eager fp32 batch 4",
        ),
        ("samples", 1, "A single run has no spread"),
    ],
)
def test_a_row_to_distrust_is_said(
    rows: tuple[LatencyResult, ...], field: str, value: object, warning: str
) -> None:
    doubtful = [row.model_copy(update={"samples": 2, field: value}) for row in rows]
    sound = [row.model_copy(update={"samples": 2}) for row in rows]

    assert warning in report_text(doubtful)
    assert warning not in report_text(sound)


def test_latency_is_no_mlperf_result(rows: tuple[LatencyResult, ...]) -> None:
    assert "not an MLPerf result" in report_text(rows)
