"""Scan block after block of the gallery for every row that may belong to the top K."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embeddings import NORM_TOLERANCE
from ..errors import EmbeddingError
from .candidates import Candidates
from .scanner import Floats, Scanner
from .sieve import Sieve

SPARE = 4
"""Rows that an FP32 scan returns beyond K, so that its bound is nearly always met at once."""

SIFTED_K = 256
"""The largest K for a sieve: what it keeps to be scored again grows with K."""

_WORTH = 0.5
"""Share of the queries that a sieve must settle to be worth its time."""

_TRIAL_CHUNKS = 4
"""Chunks after which that is judged: a floor rises most over the first."""

_LONGEST = (1 + NORM_TOLERANCE) ** 2
"""No score of rows of unit length is larger, but for the rounding."""


class BlockScan:
    """
    One batch of queries on its way through the gallery.

    The first chunk is scanned for its top K in FP32: that gives a floor. A sieve, where there is
    one, goes first on the others. Where too many rows reach the floor within its bound, they are
    scanned in FP32, whose bound is a hundred times tighter than bfloat16's: so the rows to score
    again stay few, also where many lie close together. A gallery that is all like this is not
    sifted any more. Which way a row was found changes no result.
    """

    def __init__(
        self, queries: Floats, k: int, scanner: Scanner[Any], sieve: Sieve[Any] | None
    ) -> None:
        """
        Start with no block seen.

        Args:
            queries: [Q, D], at most the scanner's `query_rows`.
            k: K.
            scanner: in FP32.
            sieve: of the same chunks; None where there is none.

        """
        self._queries = queries
        self._k = k
        self._scanner = scanner
        self._bound = scanner.rounding.bound(queries)
        self._sieve = sieve if len(queries) > scanner.narrow_queries and k <= SIFTED_K else None
        if self._sieve is not None:
            self._sieve_bound = self._sieve.rounding.bound(queries)
        self._settled: list[float] = []

    @property
    def _most(self) -> int:
        """Rows of a chunk that are kept for a query: random vectors have no more, as measured."""
        return 2 * self._k + 20

    def candidates(self, chunks: Sequence[Any], worst: NDArray[np.float64]) -> Candidates:
        """
        Collect every row of a block that may belong to the top K, whatever the rounding.

        Args:
            chunks: the block, as the scanner holds it.
            worst: [Q] the K-th exact score of the blocks before.

        Raises:
            EmbeddingError: a number is not finite, or a row is too long.

        """
        found = Candidates(self._k, worst)
        start = 0
        for chunk in chunks:
            left = np.arange(len(self._queries))
            if self._sieve is not None:
                left = self._sift(self._sieve, left, chunk, start, found)
            self._scan(left, chunk, start, found)
            start += len(chunk)
        return found

    def _sift(
        self,
        sieve: Sieve[Any],
        everyone: NDArray[np.int64],
        chunk: Any,  # noqa: ANN401 - the scanner's own
        start: int,
        found: Candidates,
    ) -> NDArray[np.int64]:
        """Return the queries that the sieve leaves."""
        reach = found.reach(everyone, self._sieve_bound)
        if not np.isfinite(reach).all():  # fewer than K rows were seen
            return everyone
        kept = sieve.sift(self._queries, chunk, reach, self._most)
        _check(kept.probe, kept.scores, self._sieve_bound[kept.queries])
        found.add_sifted(kept.queries, kept.rows + start, kept.scores, self._sieve_bound)
        self._settled.append(1 - len(kept.left) / len(everyone))
        if len(self._settled) >= _TRIAL_CHUNKS and np.mean(self._settled) < _WORTH:
            self._sieve = None
        return kept.left

    def _scan(
        self,
        left: NDArray[np.int64],
        chunk: Any,  # noqa: ANN401
        start: int,
        found: Candidates,
    ) -> None:
        widest = min(len(chunk), self._scanner.max_k or len(chunk))
        width = min(self._k + SPARE, widest)
        while len(left):
            left = self._add(left, chunk, width, start, found, whole=width == len(chunk))
            if width == widest:
                break
            width = min(4 * width, widest)
        # More rows tie than one run returns: take all rows of pieces that it returns whole.
        for first in range(0, len(chunk) if len(left) else 0, widest):
            piece = chunk[first : first + widest]
            self._add(left, piece, len(piece), start + first, found, whole=True)

    def _add(
        self,
        left: NDArray[np.int64],
        chunk: Any,  # noqa: ANN401
        width: int,
        start: int,
        found: Candidates,
        *,
        whole: bool,
    ) -> NDArray[np.int64]:
        everyone = len(left) == len(self._queries)
        queries = self._queries if everyone else self._queries[left]
        bound = self._bound[left]
        scan = self._scanner.run(queries, chunk, width)
        _check(scan.probe, scan.scores[:, 0], bound)
        return found.add(left, scan.rows + start, scan.scores, bound, whole=whole)


def _check(probe: float, scores: Floats, bound: NDArray[np.float64]) -> None:
    if not np.isfinite(probe):
        raise EmbeddingError("gallery: some numbers are not finite; embed it again")
    if (scores > _LONGEST + bound).any():
        raise EmbeddingError("gallery: expected rows of length 1; normalise them first")
