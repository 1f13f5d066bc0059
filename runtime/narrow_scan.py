"""Scan for a few queries: as fast as the gallery can be read."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .cores import usable_cores
from .scanner import Floats, Scan

NARROW_QUERIES = 4
"""
Queries up to which this is the fastest scan.

A matrix product repacks the gallery for each call, which only many queries repay. Measured on
Zen 4, 2 threads, ms for 100,000 x 1,024-d, where reading the gallery takes 17: TODO
"""

_PIECE_BYTES = 1 << 18
"""Gallery rows that all queries meet while they lie in a core's own cache."""


class NarrowScan:
    """Dot products in threads of its own, whatever number BLAS was given. In FP32."""

    def __init__(self, threads: int | None = None) -> None:
        """
        Start the threads.

        Args:
            threads: how many; None takes the cores this process may use.

        """
        self._threads = threads or usable_cores()
        self._pool = ThreadPoolExecutor(self._threads)

    def run(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        """See `Scanner.run`."""
        scores = np.empty((len(queries), len(chunk)), np.float32)
        edges = np.linspace(0, len(chunk), self._threads + 1).astype(int).tolist()
        parts = zip(edges[:-1], edges[1:], strict=True)
        list(self._pool.map(lambda part: _multiply(queries, chunk, scores, *part), parts))
        with np.errstate(invalid="ignore"):  # the probe tells of numbers that are not finite
            return _top(scores, k)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()


def _top(scores: Floats, k: int) -> Scan:
    rows = np.argpartition(scores, -k, axis=1)[:, -k:]
    best = np.take_along_axis(scores, rows, axis=1)
    order = np.argsort(-best, axis=1)
    best, rows = (np.take_along_axis(one, order, axis=1) for one in (best, rows))
    return Scan(best, rows, float(scores[0].sum()))


def _multiply(queries: Floats, chunk: Floats, scores: Floats, start: int, stop: int) -> None:
    step = max(1, _PIECE_BYTES // chunk[:1].nbytes)
    for first in range(start, stop, step):
        piece = slice(first, min(first + step, stop))
        for query, out in zip(queries, scores, strict=True):
            np.einsum("nd,d->n", chunk[piece], query, out=out[piece])
