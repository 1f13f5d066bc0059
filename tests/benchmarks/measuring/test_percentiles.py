"""A percentile is a value that was measured, or absent."""

import pytest

from clnet.benchmarks.measuring.percentiles import figures, percentile


def test_percentiles_are_nearest_ranks() -> None:
    samples = [float(value) for value in range(100, 0, -1)]

    assert percentile(samples, 90) == 90.0
    assert percentile(samples, 95) == 95.0
    assert percentile(samples, 99) == 99.0


@pytest.mark.parametrize(("percent", "needed"), [(90, 10), (95, 20), (99, 100)])
def test_a_tail_that_was_not_sampled_is_absent(percent: int, needed: int) -> None:
    assert percentile([1.0] * (needed - 1), percent) is None
    assert percentile([1.0] * needed, percent) == 1.0


def test_one_sample_has_a_median_and_no_sample_has_none() -> None:
    assert percentile([3.0], 50) == 3.0
    assert percentile([], 50) is None


def test_figures_keep_every_sample_in_milliseconds_and_know_no_tail_of_three() -> None:
    assert figures([0.003, 0.001, 0.002]) == {
        "samples": 3,
        "samples_ms": (3.0, 1.0, 2.0),
        "p50_ms": 2.0,
        "p90_ms": None,
        "p95_ms": None,
        "p99_ms": None,
        "max_ms": 3.0,
    }
