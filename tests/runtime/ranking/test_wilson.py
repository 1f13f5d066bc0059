"""The interval of a share, against scipy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="scipy gives the interval to compare with")

from scipy.stats import binomtest

from clnet.runtime.ranking import wilson

COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_wilsons_interval_holds_the_rate_and_is_scipys(count: tuple[int, int]) -> None:
    low, high = wilson(*count)
    expected = binomtest(*count).proportion_ci(0.95, method="wilson")

    assert 0 <= low <= count[0] / count[1] <= high <= 1
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-9)
