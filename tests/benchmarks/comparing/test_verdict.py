"""What may be said of B, and how often it is right."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from clnet.benchmarks.comparing.interval import Interval, ratio_interval
from clnet.benchmarks.comparing.verdict import doubt, verdict

TRIALS = 100


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.03, 1.20, "slower"),
        (1.01, 1.20, "cannot tell"),
        (0.90, 1.10, "cannot tell"),
        (1.000, 1.001, "cannot tell"),
        (0.80, 0.99, "cannot tell"),
        (0.80, 0.97, "faster"),
    ],
)
def test_the_whole_interval_must_lie_beyond_the_margin(low: float, high: float, said: str) -> None:
    assert verdict(Interval(1.0, low, high, blocks=20)) == said


def test_swapping_both_sides_swaps_the_word() -> None:
    there, back = Interval(1.1, 1.021, 1.2, 20), Interval(1 / 1.1, 1 / 1.2, 1 / 1.021, 20)
    assert (verdict(there), verdict(back)) == ("slower", "faster")


def test_a_wider_margin_calls_less() -> None:
    interval = Interval(1.1, 1.05, 1.2, blocks=20)
    assert (verdict(interval), verdict(interval, margin=0.1)) == ("slower", "cannot tell")


@pytest.mark.parametrize(
    ("interval", "why"),
    [
        (Interval(2.0, None, None, 1), "1 of the 5 blocks that a verdict needs"),
        (Interval(2.0, 1.9, 2.1, 4), "4 of the 5 blocks that a verdict needs"),
        (Interval(1.0, 0.99, 1.01, 9), "any difference is within 2%, too little to call"),
        (Interval(1.1, 0.90, 1.3, 9), "the interval reaches into the 2% around 1"),
        (Interval(2.0, 1.9, 2.1, 5), None),
    ],
)
def test_it_says_why_it_cannot_tell(interval: Interval, why: str | None) -> None:
    assert doubt(interval) == why


@pytest.fixture
def said(simulated_runs: Callable[..., Any]) -> Callable[..., list[str]]:
    """Judge many simulated runs."""

    def judge(slowdown: float, *, paired: bool = True) -> list[str]:
        judged = partial(ratio_interval, paired=paired, resamples=500)
        runs = (simulated_runs(seed, slowdown) for seed in range(TRIALS))
        return [verdict(judged(a, b)) for a, b in runs]

    return judge


def test_the_same_against_itself_is_called_nothing_in_95_of_100_runs(
    said: Callable[..., list[str]],
) -> None:
    assert said(0.0).count("cannot tell") >= 95


def test_ten_per_cent_more_are_called_slower_in_95_of_100_runs(
    said: Callable[..., list[str]],
) -> None:
    assert said(0.10).count("slower") >= 95


def test_ten_per_cent_less_are_called_faster_in_95_of_100_runs(
    said: Callable[..., list[str]],
) -> None:
    assert said(1 / 1.10 - 1).count("faster") >= 95


def test_unpaired_the_same_is_called_nothing_in_95_of_100_runs(
    said: Callable[..., list[str]],
) -> None:
    assert said(0.0, paired=False).count("cannot tell") >= 95


def test_the_interval_holds_the_true_ratio_in_nine_of_ten_runs(
    simulated_runs: Callable[..., Any],
) -> None:
    held = []
    for seed in range(TRIALS):
        found = ratio_interval(*simulated_runs(seed, 0.10), resamples=500)
        held.append((found.low or 0) <= 1.10 <= (found.high or 0))
    assert np.mean(held) >= 0.9
