"""The exact top K by its definition: float64 scores, best first, ties in gallery order."""

import numpy as np
from numpy.typing import NDArray

from ...runtime.scanning.candidates import exact_scores

_ROWS = 4096

_SLACK = 1e-11
"""Far above the error of a float64 product of unit vectors, far below any FP32 gap."""


def reference_top_k(
    queries: NDArray[np.float32], gallery: NDArray[np.float32], k: int
) -> NDArray[np.int64]:
    """
    Search in float64, a block of the gallery at a time.

    Shares with the matcher the defined sum that settles the order, and nothing else.

    Args:
        queries: [Q, D], rows of unit length.
        gallery: [N, D], rows of unit length.
        k: from 1 to N.

    Returns:
        [Q, K] row numbers, best first.

    """
    wide = queries.astype(np.float64)
    best = np.full((len(queries), k), -np.inf)
    found = []
    for start in range(0, len(gallery), _ROWS):
        scores = wide @ gallery[start : start + _ROWS].astype(np.float64).T
        width = min(k, scores.shape[1])
        top = np.partition(scores, -width, axis=1)[:, -width:]
        best = np.sort(np.concatenate([best, top], axis=1), axis=1)[:, -k:]
        at, rows = np.nonzero(scores >= best[:, :1] - _SLACK)
        found.append((at, rows + start))
    at, rows = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((rows, -exact_scores(queries, gallery, at, rows), at))
    first = np.searchsorted(at[order], np.arange(len(queries)))
    return np.asarray(rows[order][first[:, None] + np.arange(k)], np.int64)


def identical(found: NDArray[np.int64], reference: NDArray[np.int64]) -> bool:
    """Tell whether every id of every query equals the reference, in order."""
    return bool(np.array_equal(found, reference))
