"""Keep the rows that score high enough: quicker than a top K, once it is known how high that is."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from .rounding import Rounding
from .scanner import Chunk, Floats

_PART_QUERIES = 128
"""Queries that a thread takes at a time."""


class Sifted(NamedTuple):
    """What a sieve keeps of one chunk for Q queries."""

    queries: NDArray[np.int64]
    """[n] rising."""

    rows: NDArray[np.int64]
    """[n] row numbers in the chunk."""

    scores: Floats
    """[n]."""

    left: NDArray[np.int64]
    """Queries that too many rows score high enough for: nothing of them was kept."""

    probe: float
    """Sum of all scores of the first query: not finite where the chunk holds such a number."""


C = TypeVar("C", bound=Chunk, contravariant=True)


class Sieve(Protocol[C]):
    """Sifts the chunks of a scanner. The matcher relies on the bound of its rounding."""

    rounding: Rounding
    """What the product runs in."""

    def sift(self, queries: Floats, chunk: C, reach: Floats, most: int) -> Sifted:
        """
        Sift one chunk.

        Args:
            queries: [Q, D] float32, C-contiguous.
            chunk: what the scanner's `hold` yielded.
            reach: [Q] the least score to keep.
            most: rows kept for one query.

        """
        ...

    def close(self) -> None:
        """Give back what the sieve holds."""
        ...


def sift(scores: Floats, reach: Floats, most: int, pool: ThreadPoolExecutor) -> Sifted:
    """
    Keep the scores that reach far enough.

    Args:
        scores: [Q, N].
        reach: [Q] the least score to keep.
        most: scores kept for one query.
        pool: the threads that look.

    """

    def look(first: int) -> tuple[NDArray[np.int64], ...]:
        part = slice(first, first + _PART_QUERIES)
        queries, rows, left = _hits(scores[part] >= reach[part, None], most)
        return queries + first, rows, left + first

    parts = list(pool.map(look, range(0, len(scores), _PART_QUERIES)))
    queries, rows, left = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    with np.errstate(invalid="ignore"):  # the probe tells of numbers that are not finite
        probe = float(scores[0].sum())
    return Sifted(queries, rows, scores[queries, rows], left, probe)


def _hits(
    hits: NDArray[np.bool_], most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return queries and rows of the hits, and the queries that have too many."""
    left = np.empty(0, np.int64)
    if np.count_nonzero(hits) > most:  # else no query can have more
        left = np.flatnonzero(np.count_nonzero(hits, axis=1) > most)
        hits[left] = False
    # Of a flat array numpy finds the few True ones several times as fast.
    queries, rows = np.divmod(np.flatnonzero(hits), hits.shape[1])
    return queries, rows, left
