"""The difference of two recalls on the same queries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from clnet.benchmarks.comparing.gained import gained

HITS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)


def _sides(pairs: list[tuple[bool, bool]]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    a, b = zip(*pairs, strict=True)
    return np.array(a), np.array(b)


@given(HITS)
def test_the_interval_holds_the_difference(pairs: list[tuple[bool, bool]]) -> None:
    a, b = _sides(pairs)
    found = gained(a, b)
    assert found.percent == pytest.approx(100 * (b.mean() - a.mean()))
    assert -100 <= found.low <= found.percent <= found.high <= 100


@given(HITS)
def test_swapping_both_sides_mirrors_it(pairs: list[tuple[bool, bool]]) -> None:
    a, b = _sides(pairs)
    there, back = gained(a, b), gained(b, a)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_no_change_in_a_small_sample_is_not_certain() -> None:
    hits = np.ones(20, bool)
    found = gained(hits, hits)
    assert found.percent == 0
    assert found.low < -5
    assert found.high > 5


def test_it_holds_the_true_difference_in_93_of_100_samples() -> None:
    rng, held = np.random.default_rng(0), []
    for _ in range(500):
        a = rng.random(200) < 0.8
        b = np.where(rng.random(200) < 0.1, ~a, a)  # the true difference: 0.02 - 0.08
        found = gained(a, b)
        held.append(found.low <= -6 <= found.high)
    assert np.mean(held) >= 0.93
