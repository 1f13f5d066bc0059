"""Scan block after block of the gallery for every row that may belong to the top K."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embeddings import NORM_TOLERANCE
from ..errors import EmbeddingError
from .candidates import Candidates
from .scanner import Floats, Scan, Scanner

SPARE = 4
"""Rows that an FP32 scan returns beyond K, so that its bound is nearly always met at once."""

COARSE_K = 256
"""The largest K for a coarse scan: beyond, its top K takes longer than the product saves."""

_WORTH = 0.5
"""Share of the queries that a coarse scan must settle to be worth its time."""

_NEARLY_ALL = 0.9
"""Share of settled queries from which on the next scan may be narrower than the first."""

_TRIAL_CHUNKS = 4
"""Chunks after which that is judged: a floor rises most over the first."""

_LONGEST = (1 + NORM_TOLERANCE) ** 2
"""No score of rows of unit length is larger, but for the rounding."""


class BlockScan:
    """
    One batch of queries on its way through the gallery.

    The first chunk is scanned in FP32, so that the floor is high from the start. A coarse scanner,
    where there is one, goes first on the others. What its bound cannot settle within its width is
    scanned again in FP32, whose bound is a hundred times tighter: so the rows to score again stay
    few, also where many lie close together. A gallery that is all like this is scanned in FP32
    alone from there on. Which way a row was found changes no result.
    """

    def __init__(
        self, queries: Floats, k: int, scanner: Scanner[Any], coarse: Scanner[Any] | None
    ) -> None:
        """
        Start with no block seen.

        Args:
            queries: [Q, D], at most the scanner's `query_rows`.
            k: K.
            scanner: in FP32.
            coarse: in less, on the same chunks; None where there is none.

        """
        self._queries = queries
        self._k = k
        self._scanner = scanner
        self._bound = scanner.rounding.bound(queries)
        self._coarse = coarse if len(queries) > scanner.narrow_queries and k <= COARSE_K else None
        if self._coarse is not None:
            self._coarse_bound = self._coarse.rounding.bound(queries)
        self._coarse_width = 0  # until the first chunk was scanned
        self._settled: list[float] = []

    @property
    def _first_width(self) -> int:
        """Rows that a first coarse scan returns: as measured, random vectors need no more."""
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
            if self._coarse is not None and self._coarse_width:
                left = self._scan_coarsely(self._coarse, left, chunk, start, found)
            self._scan(left, chunk, start, found)
            self._coarse_width = self._coarse_width or self._first_width
            start += len(chunk)
        return found

    def _scan_coarsely(
        self,
        coarse: Scanner[Any],
        everyone: NDArray[np.int64],
        chunk: Any,  # noqa: ANN401 - the scanner's own
        start: int,
        found: Candidates,
    ) -> NDArray[np.int64]:
        """Return the queries that a coarse scan cannot settle; choose the width of the next."""
        width = min(self._coarse_width, len(chunk))
        bound = self._coarse_bound
        scan = _run(coarse, self._queries, bound, chunk, width)
        rows, scores = scan.rows + start, scan.scores
        left = found.add(everyone, rows, scores, bound, whole=width == len(chunk))
        settled = 1 - len(left) / len(everyone)
        needed = (scores >= found.reach(everyone, bound)[:, None]).sum(axis=1)
        needed[left] = 0
        least = SPARE if settled > _NEARLY_ALL else self._first_width
        self._coarse_width = max(least, int(needed.max()) + SPARE)
        self._settled.append(settled)
        if len(self._settled) >= _TRIAL_CHUNKS and np.mean(self._settled) < _WORTH:
            self._coarse = None
        return left

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
        scan = _run(self._scanner, queries, bound, chunk, width)
        return found.add(left, scan.rows + start, scan.scores, bound, whole=whole)


def _run(
    scanner: Scanner[Any],
    queries: Floats,
    bound: NDArray[np.float64],
    chunk: Any,  # noqa: ANN401
    k: int,
) -> Scan:
    scan = scanner.run(queries, chunk, k)
    if not np.isfinite(scan.probe):
        raise EmbeddingError("gallery: some numbers are not finite; embed it again")
    if scan.scores.size and (scan.scores[:, 0] > _LONGEST + bound).any():
        raise EmbeddingError("gallery: expected rows of length 1; normalise them first")
    return scan
