"""Lost queries: counted, bounded exactly, and gated at the sizes that the limits name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="scipy is not installed: pip install 'clnet[export]'")

from clnet.export.gate.lost_interval import clopper_pearson
from clnet.export.gate.retrieval import Ranking, RetrievalParity, compare_retrieval, rank
from clnet.runtime import EmbeddingError


def parity(queries: int, lost: int, gained: int = 0) -> RetrievalParity:
    """PyTorch answers all but the last `gained`; the export all but the first `lost`."""
    nearest = np.tile(np.arange(10), (queries, 1))
    before, after = np.zeros(queries, np.int64), np.zeros(queries, np.int64)
    before[queries - gained :] = 7
    after[:lost] = 3
    return compare_retrieval(("fp16", "fp32"), Ranking(before, nearest), Ranking(after, nearest))


@pytest.mark.parametrize(
    ("queries", "lost", "passes"),
    [
        (40, 1, True),
        (40, 2, False),
        (1000, 2, True),
        (1000, 3, False),
        (1999, 3, True),
        (2000, 0, True),
        (2000, 1, False),
        (2783, 1, False),
        (2784, 1, True),
    ],
)
def test_the_count_gates_always_and_the_interval_from_2000_queries(
    queries: int, lost: int, passes: bool
) -> None:
    assert (parity(queries, lost).faults() == []) is passes


def test_gained_queries_make_up_for_lost_ones_in_the_count_alone() -> None:
    assert parity(1000, lost=5, gained=4).faults() == []
    (fault,) = parity(5000, lost=8, gained=8).faults()
    assert "8 of 5000 queries lost: the rate may be" in fault


def test_a_fault_names_level_precisions_figure_and_limit() -> None:
    (fault,) = parity(1000, lost=3).faults()

    assert fault == (
        "retrieval level: fp16 query on fp32 gallery: 3 of 1000 queries lost (net) > 2"
    )


def test_recalls_are_given_with_their_reference_and_difference() -> None:
    found = parity(100, lost=4, gained=1)

    assert (found.recall_at_1_reference, found.recall_at_1) == (99.0, 96.0)
    assert found.delta_recall_at_1 == pytest.approx(-3.0)
    assert found.delta_recall_at_5 == pytest.approx(1.0)
    assert found.delta_recall_at_10 == 0.0


@given(trials=st.integers(1, 400), data=st.data())
def test_the_interval_covers_what_it_says(trials: int, data: st.DataObject) -> None:
    """At either end of an exact interval, a tail of 2.5 % is left beyond what was seen."""
    from scipy.stats import binom

    events = data.draw(st.integers(0, trials))
    low, high = clopper_pearson(events, trials)

    assert 0 <= low <= events / trials <= high <= 1
    if events < trials:
        assert binom.cdf(events, trials, high) == pytest.approx(0.025, rel=1e-4)
    if events > 0:
        assert binom.sf(events - 1, trials, low) == pytest.approx(0.025, rel=1e-4)


def test_zero_lost_of_2000_is_where_the_limit_begins_to_hold() -> None:
    assert clopper_pearson(0, 2000) == (0.0, pytest.approx(0.0018427, abs=1e-7))
    assert clopper_pearson(0, 1842)[1] > 0.002


def unit(rows: int, seed: int) -> np.ndarray:
    found = np.random.default_rng(seed).standard_normal((rows, 16)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_overlap_counts_the_neighbours_that_stayed() -> None:
    tiles = unit(50, 0)
    moved = Ranking(np.zeros(50, np.int64), rank(tiles, tiles).nearest.copy())
    moved.nearest[:, 9] = -1

    found = compare_retrieval(("fp16", "fp16"), rank(tiles, tiles), moved)

    assert found.top10_overlap == pytest.approx(0.9)
    assert "top-10 overlap 0.9000 < 0.98" in found.faults()[0]


def test_fewer_than_ten_places_are_ranked_whole() -> None:
    tiles = unit(4, 0)

    assert rank(tiles, tiles).nearest.shape == (4, 4)


def test_collapsed_embeddings_are_refused() -> None:
    one_point = np.tile(unit(1, 0), (20, 1))

    with pytest.raises(EmbeddingError, match="one point"):
        rank(one_point, one_point)
