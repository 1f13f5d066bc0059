"""A sieve keeps what reaches far enough, and says of whom it kept nothing."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime.scanning.sieve import sift


@given(
    seed=st.integers(0, 2**32 - 1),
    queries=st.integers(1, 300),
    rows=st.integers(1, 40),
    most=st.integers(1, 50),
)
def test_every_score_that_reaches_is_kept_unless_there_are_too_many(
    seed: int, queries: int, rows: int, most: int
) -> None:
    random = np.random.default_rng(seed)
    scores = random.integers(-5, 5, (queries, rows)).astype(np.float32)
    reach = random.integers(-6, 7, queries).astype(np.float32)

    with ThreadPoolExecutor(2) as pool:
        kept = sift(scores, reach, most, pool)

    hits = scores >= reach[:, None]
    too_many = hits.sum(axis=1) > most
    at, column = np.nonzero(hits & ~too_many[:, None])
    np.testing.assert_array_equal(kept.left, np.flatnonzero(too_many))
    np.testing.assert_array_equal(np.stack([kept.queries, kept.rows]), np.stack([at, column]))
    np.testing.assert_array_equal(kept.scores, scores[at, column])
    assert kept.probe == scores[0].sum()
