"""A ratio has moved, or nobody can tell."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.benchmarks.guard.block import Block
from clnet.benchmarks.guard.cost import ratio_of
from clnet.benchmarks.guard.judgement import MARGIN, Measured, judge

TRIALS = 40
CHECKS = 4  # against the same committed runs
STEADY = (0.995, 1.0, 1.005, 1.0, 0.998, 1.003)

ratios = st.floats(0.2, 5.0)


def _measured(blocks: tuple[Block, ...]) -> Measured:
    interval = ratio_of(blocks, "fit")
    assert interval.low is not None
    assert interval.high is not None
    return Measured(interval.ratio, interval.low, interval.high)


@pytest.mark.parametrize(
    ("slowed", "busy", "verdict"),
    [
        (1.0, False, "cannot tell"),
        (1.1, False, "slower"),
        (1 / 1.1, False, "faster"),
        (1.0, True, "cannot tell"),
        (1.1, True, "slower"),
    ],
)
def test_ten_per_cent_is_called_and_the_same_code_is_not_in_nine_of_ten_simulated_checks(
    simulated: Callable[..., tuple[Block, ...]], slowed: float, busy: bool, verdict: str
) -> None:
    rng = np.random.default_rng(0)
    right = 0
    for trial in range(TRIALS):
        if trial % CHECKS == 0:
            committed = [_measured(simulated(rng)).ratio for _ in range(6)]
        now = _measured(simulated(rng, slowed=slowed, busy=busy))
        right += judge(now, committed).verdict == verdict

    assert right >= 0.9 * TRIALS


@given(ratio=ratios, committed=st.lists(ratios, min_size=5, max_size=8))
def test_upside_down_slower_is_faster(ratio: float, committed: list[float]) -> None:
    swapped = {"slower": "faster", "faster": "slower", "cannot tell": "cannot tell"}

    one = judge(Measured(ratio, ratio / 1.01, ratio * 1.01), committed)
    other = judge(
        Measured(1 / ratio, 1 / ratio / 1.01, 1 / ratio * 1.01), [1 / c for c in committed]
    )

    # a change may lie at the very edge, where rounding decides
    if not math.isclose(max(one.change, 1 / one.change), one.callable_from, rel_tol=1e-9):
        assert other.verdict == swapped[one.verdict]


def test_a_small_change_is_not_called_however_steady_the_runs_were() -> None:
    small = judge(Measured(1.04, 1.039, 1.041), [1.0, 1.0, 1.0, 1.0, 1.0])

    assert small.low > 1
    assert small.verdict == "cannot tell"
    assert small.callable_from == pytest.approx(MARGIN)


def test_runs_that_differ_by_ten_per_cent_call_nothing_of_that_size_and_say_from_where_on() -> None:
    unsteady = judge(Measured(1.1, 1.09, 1.11), [0.9, 1.0, 1.1, 0.95, 1.05, 1.0])

    assert unsteady.verdict == "cannot tell"
    assert unsteady.callable_from > 1.2


def test_a_disturbed_run_is_careful() -> None:
    steady = judge(Measured(1.1, 1.09, 1.11), STEADY)
    disturbed = judge(Measured(1.1, 0.9, 1.3), STEADY)

    assert (steady.verdict, disturbed.verdict) == ("slower", "cannot tell")


def test_the_change_is_against_the_median_of_the_committed() -> None:
    found = judge(Measured(2.0, 1.99, 2.01), [1.0, 1.0, 1.0, 1.0, 7.0])

    assert found.committed == 1.0
    assert found.change == pytest.approx(2.0)
