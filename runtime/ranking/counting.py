"""
Exact counting: how many gallery rows score at least as high as some rows of it.

Scores are float32 products in blocks; those within their rounding of the one they are compared with
are taken again in float64. So the counts depend neither on the BLAS library nor on the block size,
and no [Q, N] matrix is ever held.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..scanning.candidates import exact_scores
from ..scanning.rounding import FP32

BLOCK_ROWS = 2048
"""Queries and gallery rows in a block: 16 MiB of float32 scores."""

CROWDED = 0.05
"""Share of a block's scores from which on a float64 product costs less than pair by pair."""

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Targets:
    """Gallery rows that others are counted against, each for one query."""

    queries: Rows
    """[M] int64, rising."""

    rows: Rows
    """[M] int64, rising within a query."""

    scores: NDArray[np.float64]
    """[M], by `exact_scores`."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of M targets."""

    above: Rows
    """[M] int64, rows that score higher than the target."""

    at_least: Rows
    """[M] int64, rows that score as high or higher, the target itself among them."""

    @classmethod
    def zero(cls, targets: int) -> "Counts":
        """Count nothing yet."""
        return cls(np.zeros(targets, np.int64), np.zeros(targets, np.int64))


def count_rows(queries: Floats, gallery: Floats, targets: Targets, columns: Rows) -> Counts:
    """
    Count some rows of a gallery against each target.

    Args:
        queries: [Q, D] float32, rows of unit length.
        gallery: [N, D] float32, rows of unit length.
        targets: M of them.
        columns: [n] int64, rising: which rows of the gallery to count.

    """
    counts = Counts.zero(len(targets.rows))
    sizes = np.bincount(targets.queries, minlength=len(queries))
    starts = np.cumsum(sizes) - sizes
    # queries with many targets first: those that have an s-th one are then a block's first few
    order = np.argsort(-sizes, kind="stable")
    for first in range(0, len(order), BLOCK_ROWS):
        block = order[first : first + BLOCK_ROWS]
        asked, bound = queries[block], FP32.bound(queries[block])
        for start in range(0, len(columns), BLOCK_ROWS):
            rows = _taken(gallery, columns[start : start + BLOCK_ROWS])
            scores = asked @ rows.T
            for slot in range(sizes[block[0]]):
                some = block[: np.count_nonzero(sizes[block] > slot)]
                _count(scores, asked, rows, bound, targets, starts[some] + slot, counts)
    return counts


def _taken(gallery: Floats, rows: Rows) -> Floats:
    """Take rows: a view where they follow each other, else a copy."""
    if rows[-1] - rows[0] + 1 == len(rows):
        return gallery[rows[0] : rows[-1] + 1]
    return gallery[rows]


def _count(
    scores: Floats,
    asked: Floats,
    rows: Floats,
    bound: NDArray[np.float64],
    targets: Targets,
    chosen: Rows,
    counts: Counts,
) -> None:
    """Add a block's counts to one target of each of its first `len(chosen)` queries."""
    size = len(chosen)
    goal, bound, scores = targets.scores[chosen], bound[:size], scores[:size]
    # one step outwards, because the limits themselves are rounded to float32
    low = np.nextafter((goal - bound).astype(np.float32), np.float32(-np.inf))[:, None]
    high = np.nextafter((goal + bound).astype(np.float32), np.float32(np.inf))[:, None]
    above = scores > high
    surely = np.count_nonzero(above, axis=1)
    near = (scores >= low) != above
    # numpy finds the few in a flat array ten times as fast as in a matrix
    q, n = np.divmod(np.flatnonzero(near), len(rows))
    exact = _decided(asked[:size], rows, q, n, goal)
    counts.above[chosen] += surely + np.bincount(q[exact > goal[q]], minlength=size)
    counts.at_least[chosen] += surely + np.bincount(q[exact >= goal[q]], minlength=size)


def _decided(
    asked: Floats, rows: Floats, q: Rows, n: Rows, goal: NDArray[np.float64]
) -> NDArray[np.float64]:
    """
    Score pairs so that each comparison with its query's goal is that of exact scores.

    Where an untrained network puts everything close together, most pairs of a block are near: a
    float64 product, whose sums and the exact ones differ by less than D / 2^50, decides nearly all.
    """
    if not len(q):
        return np.empty(0)
    if len(q) <= CROWDED * len(asked) * len(rows):
        return exact_scores(asked, rows, q, n)
    scores = (asked.astype(np.float64) @ rows.T.astype(np.float64))[q, n]
    unsure = np.flatnonzero(np.abs(scores - goal[q]) <= asked.shape[1] * 2.0**-50)
    scores[unsure] = exact_scores(asked, rows, q[unsure], n[unsure])
    found: NDArray[np.float64] = scores
    return found
