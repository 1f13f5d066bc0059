"""Of two counters and three views, one count."""

from collections.abc import Callable

from clnet.benchmarks.records.flops_result import FlopsResult
from clnet.benchmarks.report.flops_count import counts_of, saved

Make = Callable[..., FlopsResult]


def test_the_exported_graph_goes_before_the_network(flops_row: Make) -> None:
    rows = [flops_row("a", "total", 5, counter="torch"), flops_row("a", "total", 4)]

    assert [(one.counter, one.macs) for one in counts_of(rows)] == [("onnx", 4)]


def test_modules_of_both_views_make_the_pair_where_it_has_none(flops_row: Make) -> None:
    rows = [
        flops_row("a", "total", 7),
        flops_row("a", "head", 3, view="ground"),
        flops_row("a", "head", 4, view="satellite"),
    ]

    assert counts_of(rows)[0].modules == {"head": 7}


def test_without_a_total_of_the_pair_there_is_no_count(flops_row: Make) -> None:
    assert counts_of([flops_row("a", "total", 7, view="ground")]) == ()


def test_sample4geo_is_the_baseline_wherever_it_stands(flops_row: Make) -> None:
    rows = [flops_row("sample4geo", "total", 9), flops_row("clnet-tiny", "total", 3)]

    ((count, baseline),) = saved(counts_of(rows)).values()

    assert (count.network, baseline.network) == ("clnet-tiny", "sample4geo")
