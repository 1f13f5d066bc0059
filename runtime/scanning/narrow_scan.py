"""Scan for a few queries: as fast as the gallery can be read."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .scanner import Floats, Scan

NARROW_QUERIES = 4
"""
Queries up to which this is the fastest scan.

A matrix product repacks the gallery for each call, which only many queries repay. ms for
100,000 x 1,024-d on Zen 4, 2 threads, best of five on a machine that others used, too; reading the
gallery took 17 to 25:

| queries | this scan | ONNX Runtime | OpenVINO fp32 |
|---:|---:|---:|---:|
| 1 | 24 | 86 | 88 |
| 4 | 104 | 209 | 116 |
| 8 | 372 | 221 | 165 |
"""

_PART_ROWS = 4096
"""Gallery rows that a thread takes at a time: if one is held up, the others take more."""

_PIECE_BYTES = 1 << 18
"""Gallery rows that several queries meet one after another, while they lie in a core's cache."""


class NarrowScan:
    """Dot products in a scanner's own threads, whatever number BLAS was given. In FP32."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def run(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        """See `Scanner.run`."""
        scores = np.empty((len(queries), len(chunk)), np.float32)

        def multiply(first: int) -> None:
            part = slice(first, first + _PART_ROWS)
            _multiply(queries, chunk[part], scores[:, part])

        list(self._pool.map(multiply, range(0, len(chunk), _PART_ROWS)))
        with np.errstate(invalid="ignore"):  # the probe tells of numbers that are not finite
            return _top(scores, k)


def _top(scores: Floats, k: int) -> Scan:
    rows = np.argpartition(scores, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(scores, rows, axis=1), axis=1)
    rows = np.take_along_axis(rows, order, axis=1)
    return Scan(np.take_along_axis(scores, rows, axis=1), rows, float(scores[0].sum()))


def _multiply(queries: Floats, rows: Floats, scores: Floats) -> None:
    step = len(rows) if len(queries) == 1 else max(1, _PIECE_BYTES // rows[:1].nbytes)
    for first in range(0, len(rows), step):
        piece = slice(first, first + step)
        for query, out in zip(queries, scores, strict=True):
            np.einsum("nd,d->n", rows[piece], query, out=out[piece])
