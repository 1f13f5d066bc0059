"""The interval: what it holds, what it ignores, and how often it is right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.benchmarks.comparing.interval import ratio_interval, stretch
from clnet.runtime.errors import MeasurementFailed

TIMES = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=4)
PAIRS = st.lists(st.tuples(TIMES, TIMES), min_size=2, max_size=12)


@given(PAIRS)
def test_the_interval_holds_its_ratio(pairs: list[tuple[list[float], list[float]]]) -> None:
    a, b = zip(*pairs, strict=True)
    found = ratio_interval(a, b, resamples=200)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.ratio * (1 + 1e-9)
    assert found.high >= found.ratio * (1 - 1e-9)


@given(PAIRS)
def test_swapping_both_sides_inverts_the_ratio(
    pairs: list[tuple[list[float], list[float]]],
) -> None:
    a, b = zip(*pairs, strict=True)
    there, back = ratio_interval(a, b, resamples=50), ratio_interval(b, a, resamples=50)
    assert there.ratio * back.ratio == pytest.approx(1)


@given(PAIRS, st.floats(0.1, 10))
def test_the_unit_of_time_does_not_matter(
    pairs: list[tuple[list[float], list[float]]], unit: float
) -> None:
    a, b = zip(*pairs, strict=True)
    scaled = [[[unit * one for one in block] for block in side] for side in (a, b)]
    there, here = ratio_interval(*scaled, resamples=50), ratio_interval(a, b, resamples=50)
    assert there.ratio == pytest.approx(here.ratio)
    assert there.low == pytest.approx(here.low)


def test_the_same_times_give_the_same_interval() -> None:
    a = [[1.0, 1.2], [1.1, 0.9], [1.3, 1.0], [1.0, 1.1], [0.8, 1.0]]
    b = [[1.4, 1.1], [1.0, 1.2], [1.3, 1.6], [1.2, 1.0], [1.1, 1.0]]
    assert ratio_interval(a, b) == ratio_interval(a, b)


def test_what_met_both_of_a_block_cancels() -> None:
    mood = [1.0, 5.0, 1.0, 9.0, 2.0, 7.0]
    found = ratio_interval([[2 * one] for one in mood], [[3 * one] for one in mood])
    assert (found.low, found.ratio, found.high) == pytest.approx((1.5, 1.5, 1.5))


def test_unpaired_the_mood_of_the_machine_stays_in_the_interval() -> None:
    mood = [1.0, 5.0, 1.0, 9.0, 2.0, 7.0]
    a, b = [[2 * one] for one in mood], [[3 * one] for one in mood]
    found = ratio_interval(a, b, paired=False)
    assert found.ratio == pytest.approx(1.5)
    assert found.low is not None
    assert found.low < 1 < 3 < (found.high or 0)


def test_unpaired_runs_of_different_length_compare() -> None:
    found = ratio_interval([[1.0]] * 8, [[2.0]] * 6, paired=False)
    assert found.ratio == pytest.approx(2.0)
    assert found.blocks == 6


def test_one_block_has_a_ratio_and_no_interval() -> None:
    found = ratio_interval([[1.0, 2.0, 3.0]], [[4.0]])
    assert (found.ratio, found.low, found.high, found.blocks) == (2.0, None, None, 1)


def test_one_outlier_in_a_block_does_not_move_the_ratio() -> None:
    a = [[1.0, 1.0, 1.0]] * 6
    b = [[1.0, 1.0, 50.0]] * 6
    assert ratio_interval(a, b).ratio == pytest.approx(1.0)


def test_drift_widens_the_interval() -> None:
    ratios = np.exp(np.random.default_rng(0).normal(0, 0.1, 27))
    a = [[1.0]] * 27
    shuffled = ratio_interval(a, [[one] for one in ratios])
    drifting = ratio_interval(a, [[one] for one in np.sort(ratios)])
    widths = [(one.high or 0) - (one.low or 0) for one in (shuffled, drifting)]
    assert widths[1] > 1.15 * widths[0]


@pytest.mark.parametrize(
    ("blocks", "together"), [(2, 2), (5, 2), (8, 2), (9, 3), (20, 3), (27, 3), (60, 4)]
)
def test_neighbours_are_drawn_together(blocks: int, together: int) -> None:
    assert stretch(blocks) == together


def test_paired_sides_of_different_length_are_refused() -> None:
    with pytest.raises(MeasurementFailed, match=r"A has 2, B has 3; compare them unpaired"):
        ratio_interval([[1.0]] * 2, [[1.0]] * 3)


@pytest.mark.parametrize("times", [[], [[1.0], []]])
def test_a_block_without_a_time_is_refused(times: list[list[float]]) -> None:
    with pytest.raises(MeasurementFailed, match="B: expected at least one time in each block"):
        ratio_interval([[1.0], [1.0]], times)


@pytest.mark.parametrize("time", [0.0, float("nan")])
def test_a_time_that_is_none_is_refused(time: float) -> None:
    with pytest.raises(MeasurementFailed, match="expected times above zero"):
        ratio_interval([[1.0], [time]], [[1.0], [1.0]])
