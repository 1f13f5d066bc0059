"""
From scanned scores to exact ranks.

A scan in FP32 errs by at most `product_bound`, so a row of the true top K scans no lower than
the K-th scanned score less twice that bound. Those rows are candidates, and only they are
scored again, in float64, by one defined sum.
"""

import numpy as np
from numpy.typing import NDArray

from .embeddings import NORM_TOLERANCE

_PAIRS = 256
"""Pairs in one step of the re-scoring: 2 MiB of float64 at 1,024-d, which a cache holds."""

_NO_ROW = np.iinfo(np.int64).max


def product_bound(dim: int) -> float:
    """
    Bound the error of one FP32 dot product of two unit vectors.

    Holds for any order of summation, with and without fused multiply-add (Higham, Accuracy
    and Stability, 3.1), plus the float64 error of the re-scoring. TF32 must be off.

    Args:
        dim: D, the length of the vectors.

    Returns:
        The largest possible distance between scanned and re-scored value: 6.2e-5 at 1,024-d.

    """
    roundings = (dim + 1) * 2.0**-24
    lengths = (1 + NORM_TOLERANCE) ** 2
    return lengths * roundings / (1 - roundings) + dim * 2.0**-50


def exact_scores(
    queries: NDArray[np.float32],
    gallery: NDArray[np.float32],
    query_rows: NDArray[np.int64],
    gallery_rows: NDArray[np.int64],
) -> NDArray[np.float64]:
    """
    Score pairs by the sum that defines the order of results.

    Products of float32 are exact in float64; numpy adds them pairwise in an order that
    depends on D alone, so equal rows score equally wherever they stand.

    Args:
        queries: [Q, D].
        gallery: [N, D].
        query_rows: [n], one query a pair.
        gallery_rows: [n], one gallery row a pair.

    Returns:
        [n] float64.

    """
    scores = np.empty(len(query_rows))
    for start in range(0, len(scores), _PAIRS):
        part = slice(start, start + _PAIRS)
        products = queries[query_rows[part]].astype(np.float64)
        products *= gallery[gallery_rows[part]]
        np.sum(products, axis=1, out=scores[part])
    return scores


class Candidates:
    """The rows of one block that may belong to the top K of a batch of queries."""

    def __init__(self, k: int, bound: float, worst: NDArray[np.float64]) -> None:
        """
        Start a block.

        Args:
            k: K.
            bound: see `product_bound`.
            worst: [Q] the K-th exact score of the blocks before; -inf where there is none.

        """
        self._bound = bound
        self._worst = worst
        self._best = np.full((len(worst), k), -np.inf, np.float32)
        self._floor = self._below(worst - bound)
        self._found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]] = []

    def raise_floor(self, scores: NDArray[np.float32]) -> None:
        """
        Learn from a chunk's scanned scores; each chunk is told once.

        Args:
            scores: [Q, n] the chunk's best, never increasing along n.

        """
        k = self._best.shape[1]
        better = np.flatnonzero(scores[:, 0] > self._best[:, -1])
        both = np.concatenate([self._best[better], scores[better, :k]], axis=1)
        both.sort(axis=1)
        self._best[better] = both[:, : -k - 1 : -1]
        kth = self._best[better, -1].astype(np.float64) - 2 * self._bound
        self._floor[better] = np.maximum(self._floor[better], self._below(kth))

    def add(
        self,
        queries: NDArray[np.int64],
        rows: NDArray[np.int64],
        scores: NDArray[np.float32],
        *,
        whole: bool,
    ) -> NDArray[np.int64]:
        """
        Keep what may belong to the top K.

        Args:
            queries: [q] which queries were scanned.
            rows: [q, n] their best rows of the chunk.
            scores: [q, n] float32, never increasing along n.
            whole: whether n is the whole chunk, so that nothing can be missing.

        Returns:
            The queries whose last score still reaches the floor: they must be scanned wider,
            and nothing of them was kept.

        """
        floor = self._floor[queries]
        closed = scores[:, -1] < floor
        if whole:
            closed[:] = True
        at, column = np.nonzero((scores >= floor[:, None]) & closed[:, None])
        self._found.append((queries[at], rows[at, column], scores[at, column]))
        return queries[~closed]

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the candidates as pairs: [n] queries, [n] rows of the block."""
        if not self._found:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        queries, rows, scores = (np.concatenate(parts) for parts in zip(*self._found, strict=True))
        kept = scores >= self._floor[queries]
        return queries[kept], rows[kept]

    @staticmethod
    def _below(values: NDArray[np.float64]) -> NDArray[np.float32]:
        return np.nextafter(values.astype(np.float32), np.float32(-np.inf))


class Best:
    """The exact top K of a batch of queries over the blocks seen so far."""

    def __init__(self, queries: int, k: int) -> None:
        self.rows = np.full((queries, k), _NO_ROW, np.int64)
        self.scores = np.full((queries, k), -np.inf)

    @property
    def worst(self) -> NDArray[np.float64]:
        """[Q] float64, the K-th score; -inf while fewer than K rows were seen."""
        return self.scores[:, -1]

    def take(
        self,
        queries: NDArray[np.float32],
        block: NDArray[np.float32],
        offset: int,
        candidates: Candidates,
    ) -> None:
        """
        Score a block's candidates exactly and merge them in.

        Args:
            queries: [Q, D].
            block: [n, D] the rows that were scanned.
            offset: the gallery row of the block's first row.
            candidates: what the scan kept.

        """
        count, k = self.rows.shape
        at, rows = candidates.pairs()
        scores = exact_scores(queries, block, at, rows)
        at = np.concatenate([np.repeat(np.arange(count), k), at])
        rows = np.concatenate([self.rows.ravel(), rows + offset])
        scores = np.concatenate([self.scores.ravel(), scores])
        order = np.lexsort((rows, -scores, at))
        first = np.searchsorted(at[order], np.arange(count))
        place = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order)))
        kept = order[place < k]
        self.rows = rows[kept].reshape(count, k)
        self.scores = scores[kept].reshape(count, k)
