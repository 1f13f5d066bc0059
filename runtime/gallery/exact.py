"""Exact search in plain numpy: what an index is measured against."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def exact_rows(
    queries: NDArray[np.float32], blocks: Iterable[NDArray[np.float32]], k: int
) -> NDArray[np.int64]:
    """
    Find the K best rows of each query by float32 products.

    Args:
        queries: [Q, D] float32.
        blocks: [n, D] float32 each, `k` rows or more in all.
        k: rows wanted.

    Returns:
        [Q, k] row numbers, best first, equal scores in the blocks' order.

    """
    rows = np.empty((len(queries), 0), np.int64)
    scores = np.empty((len(queries), 0), np.float32)
    first = 0
    for block in blocks:
        numbers = np.broadcast_to(np.arange(first, first + len(block)), (len(queries), len(block)))
        scores = np.concatenate([scores, queries @ block.T], axis=1)
        rows = np.concatenate([rows, numbers], axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
        first += len(block)
    return rows
