"""
From scanned scores to exact ranks.

A scanned score less its bound is a lower bound of the exact score, plus its bound an upper one (see
`rounding`). The K-th largest of the lower ones is the floor: no row of the true top K can be
below it. Rows whose upper bound reaches the floor are candidates, and only they are scored again,
in float64, by one defined sum.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from ..cores import usable_cores

_PAIRS = 256
"""Pairs in one step of the re-scoring: 2 MiB of float64 at 1,024-d, which a cache holds."""

_NO_ROW = np.iinfo(np.int64).max


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

    def score(start: int) -> None:
        part = slice(start, start + _PAIRS)
        products = queries[query_rows[part]].astype(np.float64)
        products *= gallery[gallery_rows[part]]
        np.sum(products, axis=1, out=scores[part])

    with ThreadPoolExecutor(usable_cores()) as pool:
        list(pool.map(score, range(0, len(scores), _PAIRS)))
    return scores


class Candidates:
    """The rows of one block that may belong to the top K of a batch of queries."""

    def __init__(self, k: int, worst: NDArray[np.float64]) -> None:
        """
        Start a block.

        Args:
            k: K.
            worst: [Q] the K-th exact score of the blocks before; -inf where there is none.

        """
        self._lower = np.full((len(worst), k), -np.inf)
        self._floor = worst.copy()
        self._found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []

    def add(
        self,
        queries: NDArray[np.int64],
        rows: NDArray[np.int64],
        scores: NDArray[np.float32],
        bound: NDArray[np.float64],
        *,
        whole: bool,
    ) -> NDArray[np.int64]:
        """
        Keep what may belong to the top K.

        Args:
            queries: [q] which queries were scanned.
            rows: [q, n] their best rows of a chunk.
            scores: [q, n] float32, never increasing along n.
            bound: [q] how far a score may lie from the exact one.
            whole: whether n is the whole chunk, so that nothing can be missing.

        Returns:
            The queries whose last score still reaches the floor. Nothing of them was kept: scan
            them again, more widely or more exactly.

        """
        lower = self._merged(queries, scores, bound)
        self._floor[queries] = np.maximum(self._floor[queries], lower[:, -1])
        reach = self.reach(queries, bound)
        closed = (scores[:, -1] < reach) | whole
        self._lower[queries[closed]] = lower[closed]
        at, column = np.nonzero((scores >= reach[:, None]) & closed[:, None])
        self._found.append((queries[at], rows[at, column], scores[at, column] + bound[at]))
        return queries[~closed]

    def add_sifted(
        self,
        queries: NDArray[np.int64],
        rows: NDArray[np.int64],
        scores: NDArray[np.float32],
        bound: NDArray[np.float64],
    ) -> None:
        """
        Keep all rows of a chunk that reach far enough.

        Args:
            queries: [n] whose they are, rising; not every query need have any.
            rows: [n] of a chunk.
            scores: [n] float32, at least `reach` of its query.
            bound: [Q] how far a score of each query may lie from the exact one.

        """
        order = np.lexsort((-scores, queries))
        some, first, count = np.unique(queries, return_index=True, return_counts=True)
        if not len(some):
            return
        place = np.arange(len(queries)) - np.repeat(first, count)
        best = np.full((len(some), count.max()), -np.inf, np.float32)
        best[np.repeat(np.arange(len(some)), count), place] = scores[order]
        lower = self._merged(some, best, bound[some])
        self._lower[some] = lower
        self._floor[some] = np.maximum(self._floor[some], lower[:, -1])
        self._found.append((queries, rows, scores + bound[queries]))

    def reach(self, queries: NDArray[np.int64], bound: NDArray[np.float64]) -> NDArray[np.float32]:
        """
        Tell from which scanned score on a row may belong to the top K.

        Args:
            queries: [q] which queries.
            bound: [q] how far a score may lie from the exact one.

        Returns:
            [q] float32, -inf while fewer than K rows were seen.

        """
        # One step downwards, because the limit itself is rounded to float32.
        limit = (self._floor[queries] - bound).astype(np.float32)
        return np.nextafter(limit, np.float32(-np.inf))

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the candidates as pairs: [n] queries, [n] rows of the block."""
        if not self._found:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        queries, rows, upper = (np.concatenate(parts) for parts in zip(*self._found, strict=True))
        kept = upper >= self._floor[queries]
        return queries[kept], rows[kept]

    def _merged(
        self, queries: NDArray[np.int64], scores: NDArray[np.float32], bound: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return [q, K] the largest lower bounds so far and of these scores, the K-th last."""
        merged = self._lower[queries]
        k = merged.shape[1]
        better = np.flatnonzero(scores[:, 0] - bound > merged[:, -1])
        new = scores[better, :k] - bound[better, None]
        both = np.concatenate([merged[better], new], axis=1)
        both.sort(axis=1)
        merged[better] = both[:, : -k - 1 : -1]
        return merged


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
