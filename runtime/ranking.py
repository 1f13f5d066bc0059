"""
Retrieval protocols: where the true match ranks, and Recall@K.

A rank is the number of *other* gallery items at least as similar as the true one: a tie
counts against the query, so that constant embeddings score nothing. (Counting strictly
greater ones, as is common, gives constant or NaN embeddings 100 %.)
"""

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from .artifact import Artifact
from .embeddings import check_matrix, check_not_collapsed, check_unit
from .errors import ShapeError
from .scanning.candidates import exact_scores
from .scanning.rounding import FP32

BLOCK_ROWS = 2048
"""Queries and gallery rows in a block: 16 MiB of float32 scores."""


class Recall(Artifact):
    """How often the true match is among the first K, in percent."""

    queries: int
    """Q, how many queries were ranked."""

    gallery: int
    """N, how many items each was ranked against."""

    recall_at_1: float = Field(ge=0, le=100)
    """Percent of queries whose true match ranks first."""

    recall_at_5: float = Field(ge=0, le=100)
    """Percent among the first 5."""

    recall_at_10: float = Field(ge=0, le=100)
    """Percent among the first 10."""

    recall_at_1_percent: float = Field(ge=0, le=100)
    """Percent among the first max(1, floor(N / 100))."""

    def line(self) -> str:
        """Put the figures on one line."""
        return (
            f"R@1 {self.recall_at_1:.1f}  R@5 {self.recall_at_5:.1f}  R@10 {self.recall_at_10:.1f}"
            f"  R@1% {self.recall_at_1_percent:.1f}  ({self.queries} queries, {self.gallery} tiles)"
        )


def recall(ranks: NDArray[np.int64], gallery: int) -> Recall:
    """
    Summarise ranks.

    Args:
        ranks: [Q], from `true_ranks`. Q ≥ 1.
        gallery: N, the gallery's size.

    """

    def within(k: int) -> float:
        return 100.0 * float(np.mean(ranks < k))

    return Recall(
        queries=len(ranks),
        gallery=gallery,
        recall_at_1=within(1),
        recall_at_5=within(5),
        recall_at_10=within(10),
        recall_at_1_percent=within(max(1, gallery // 100)),
    )


def true_ranks(
    queries: NDArray[np.float32], gallery: NDArray[np.float32], truth: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Rank the true match of each query. No [Q, N] matrix is ever held.

    Scores within the rounding of a float32 product are compared again in float64, so the
    answer does not depend on the BLAS library or the block size.

    Args:
        queries: [Q, D] float32, rows of unit length.
        gallery: [N, D] float32, rows of unit length.
        truth: [Q] int64, the gallery row that each query shows.

    Returns:
        [Q] int64: 0 is best.

    Raises:
        ShapeError: arrays of other shapes or types, or a truth outside the gallery.
        EmbeddingError: rows are not finite, not of unit length, or all one point.

    """
    for name, embeddings in (("queries", queries), ("gallery", gallery)):
        check_matrix(name, embeddings, gallery.shape[-1])
        check_unit(name, embeddings)
        check_not_collapsed(name, embeddings)
    _check_truth(queries, gallery, truth)
    ranks = np.zeros(len(queries), np.int64)
    for first in range(0, len(queries), BLOCK_ROWS):
        block = slice(first, first + BLOCK_ROWS)
        ranks[block] = _ranks_of_block(queries[block], gallery, truth[block])
    return ranks


def _check_truth(
    queries: NDArray[np.float32], gallery: NDArray[np.float32], truth: NDArray[np.int64]
) -> None:
    if truth.shape != (len(queries),) or truth.dtype != np.int64:
        actual = f"{truth.dtype} {list(truth.shape)}"
        raise ShapeError("truth", f"int64 [{len(queries)}]", actual)
    if len(truth) == 0:
        raise ShapeError("queries", "at least one row", "none")
    if truth.min() < 0 or truth.max() >= len(gallery):
        raise ShapeError("truth", f"rows in 0..{len(gallery) - 1}", f"{truth.min()}..{truth.max()}")


def _ranks_of_block(
    queries: NDArray[np.float32], gallery: NDArray[np.float32], truth: NDArray[np.int64]
) -> NDArray[np.int64]:
    true_score = exact_scores(queries, gallery, np.arange(len(queries)), truth)
    bound = FP32.bound(queries)
    # one step outwards, because the limits themselves are rounded to float32
    low = np.nextafter((true_score - bound).astype(np.float32), np.float32(-np.inf))[:, None]
    high = np.nextafter((true_score + bound).astype(np.float32), np.float32(np.inf))[:, None]
    ranks = np.zeros(len(queries), np.int64)
    for first in range(0, len(gallery), BLOCK_ROWS):
        rows = gallery[first : first + BLOCK_ROWS]
        scores = queries @ rows.T
        above = scores > high
        ranks += np.count_nonzero(above, axis=1)
        near = (scores >= low) != above
        # numpy finds the few in a flat array ten times as fast as in a matrix
        q, n = np.divmod(np.flatnonzero(near), len(rows))
        others = first + n != truth[q]
        q, n = q[others], n[others]
        beaten = exact_scores(queries, rows, q, n) >= true_score[q]
        ranks += np.bincount(q[beaten], minlength=len(queries))
    return ranks
