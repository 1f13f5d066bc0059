"""Every figure lies in its interval, and the interval holds what it promises."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="the exact interval needs scipy: clnet[export]")

from clnet.benchmarks.accuracy import shares
from clnet.benchmarks.accuracy.shares import lost_share, recall_shares
from clnet.export.gate.lost_interval import clopper_pearson
from clnet.runtime.ranking import recall


@given(st.lists(st.integers(0, 300), min_size=1, max_size=300))
def test_recalls_are_those_of_the_protocol_with_intervals_about_them(ranks: list[int]) -> None:
    array = np.array(ranks, np.int64)

    found = recall_shares(array, 300)

    expected = recall(array, 300)
    assert [share.percent for share in found.values()] == pytest.approx(
        [
            expected.recall_at_1,
            expected.recall_at_5,
            expected.recall_at_10,
            expected.recall_at_1_percent,
        ]
    )
    assert list(found) == ["1", "5", "10", "1%"]
    assert all(share.low <= share.percent <= share.high for share in found.values())


RANKS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=100)


@given(RANKS)
def test_the_loss_is_the_difference_of_both_recalls_and_lies_in_its_interval(
    ranks: list[tuple[int, int]],
) -> None:
    before, after = np.array(ranks, np.int64).T

    share = lost_share(before, after)

    expected = recall(before, 9).recall_at_1 - recall(after, 9).recall_at_1
    assert share.percent == pytest.approx(expected)
    assert -100 <= share.low <= share.percent <= share.high <= 100


@given(st.lists(st.integers(0, 9), min_size=1, max_size=100))
def test_a_reference_against_itself_loses_nothing_but_a_small_sample_does_not_prove_it(
    ranks: list[int],
) -> None:
    share = lost_share(np.array(ranks), np.array(ranks))

    assert share.percent == 0
    assert share.low == -share.high < 0
    assert share.high == pytest.approx(100 * clopper_pearson(0, len(ranks))[1])


@pytest.mark.parametrize(("lost", "gained"), [(0.02, 0.02), (0.3, 0.05), (0.002, 0.0)])
def test_the_interval_of_the_loss_holds_the_truth_in_19_of_20_samples(
    monkeypatch: pytest.MonkeyPatch, lost: float, gained: float
) -> None:
    monkeypatch.setattr(shares, "clopper_pearson", cache(clopper_pearson))
    random, samples = np.random.default_rng(0), 1000
    held = 0
    for _ in range(samples):
        drawn = random.choice(3, size=200, p=[lost, gained, 1 - lost - gained])
        share = lost_share((drawn == 1).astype(np.int64), (drawn == 0).astype(np.int64))
        held += share.low <= 100 * (lost - gained) <= share.high

    assert held / samples >= 0.95
