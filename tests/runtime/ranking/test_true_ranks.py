"""Ranks against a plain reference, and what must never score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from clnet.runtime import EmbeddingError, ShapeError
from clnet.runtime.ranking import counting, recall, true_ranks

Floats = NDArray[np.float32]


def units(count: int, dim: int, seed: int = 0) -> Floats:
    rows = np.random.default_rng(seed).standard_normal((count, dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def plain_ranks(queries: Floats, gallery: Floats, truth: NDArray[np.int64]) -> list[int]:
    """The definition, one query at a time, in float64."""
    ranks = []
    for query, true_row in zip(queries.astype(np.float64), truth, strict=True):
        scores = (gallery.astype(np.float64) * query).sum(axis=1)
        at_least = scores >= scores[true_row]
        ranks.append(int(at_least.sum()) - 1)
    return ranks


@given(
    queries=st.integers(1, 30),
    gallery=st.integers(1, 40),
    copies=st.integers(1, 3),
    seed=st.integers(0, 2**16),
)
def test_ranks_agree_with_the_definition_also_where_tiles_are_doubled(
    queries: int, gallery: int, copies: int, seed: int
) -> None:
    tiles = np.repeat(units(gallery, 5, seed), copies, axis=0)
    random = np.random.default_rng(seed)
    truth = random.integers(0, len(tiles), queries)
    asked = units(queries, 5, seed + 1)

    ranks = true_ranks(asked, tiles, truth)

    assert ranks.tolist() == plain_ranks(asked, tiles, truth)


@given(
    gallery=st.integers(9, 40),
    copies=st.integers(1, 3),
    exponent=st.floats(-2.5, -1),  # closer ones are refused as collapsed
    seed=st.integers(0, 2**16),
)
def test_ranks_agree_with_the_definition_where_everything_lies_close_together(
    gallery: int, copies: int, exponent: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    (middle,) = units(1, 5, seed + 1)
    rows = middle + 10**exponent * random.standard_normal((gallery + 30, 5))
    close = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    tiles, asked = np.repeat(close[30:], copies, axis=0), close[:30]
    truth = random.integers(0, len(tiles), 30)

    assert true_ranks(asked, tiles, truth).tolist() == plain_ranks(asked, tiles, truth)


def test_blocks_do_not_change_a_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, tiles = units(50, 8), units(70, 8, seed=1)
    truth = np.arange(50, dtype=np.int64)
    whole = true_ranks(asked, tiles, truth)

    monkeypatch.setattr(counting, "BLOCK_ROWS", 7)

    np.testing.assert_array_equal(true_ranks(asked, tiles, truth), whole)


def test_a_tie_counts_against_the_query() -> None:
    tile = units(1, 4)
    gallery = np.concatenate([tile, tile, units(3, 4, seed=2)])

    assert true_ranks(tile, gallery, np.array([0]))[0] == 1


def test_constant_embeddings_are_an_error_and_no_perfect_score() -> None:
    constant = np.repeat(units(1, 4), 20, axis=0)

    with pytest.raises(EmbeddingError, match="one point"):
        true_ranks(constant, constant, np.arange(20))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_embeddings_that_are_not_finite_are_an_error(value: float) -> None:
    broken = units(20, 4)
    broken[3, 1] = value

    with pytest.raises(EmbeddingError, match="row 3"):
        true_ranks(broken, units(20, 4), np.arange(20))


def test_a_truth_outside_the_gallery_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"rows in 0\.\.4"):
        true_ranks(units(2, 4), units(5, 4), np.array([0, 5]))


def test_recall_counts_the_first_k_in_percent() -> None:
    score = recall(np.array([0, 0, 4, 9, 50]), gallery=1000)

    assert (score.recall_at_1, score.recall_at_5, score.recall_at_10) == (40.0, 60.0, 80.0)


def test_recall_at_one_percent_takes_the_floor_and_at_least_one() -> None:
    ranks = np.array([0, 1, 2])

    assert recall(ranks, gallery=250).recall_at_1_percent == pytest.approx(200 / 3)
    assert recall(ranks, gallery=50).recall_at_1_percent == pytest.approx(100 / 3)
