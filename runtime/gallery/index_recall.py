"""How much of what exact search finds an index finds, too."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..progress import Progress
from .index_search import search_index
from .reader import Gallery


@dataclass(frozen=True, slots=True)
class IndexRecall:
    """An index against exact search."""

    recall: float
    """Mean part of the exact K best that the index found, in [0, 1]."""

    queries: int
    """Places that were searched for."""

    query_ms: float
    """Median milliseconds of one query through the index."""


def measure_recall(
    gallery: Gallery, k: int, *, queries: int, probes: int, refine: int, progress: Progress
) -> IndexRecall:
    """
    Search for places of a gallery among all others.

    Args:
        gallery: a gallery with an index.
        k: K of the recall, from 1 to N - 1.
        queries: places that are searched for, drawn at random; all of a smaller gallery.
        probes: see `search_index`.
        refine: see `search_index`.
        progress: told of every query.

    """
    count = min(queries, len(gallery))
    rows = np.sort(np.random.default_rng(0).choice(len(gallery), count, replace=False))
    embeddings = gallery.embeddings(rows)
    exact = exact_rows(embeddings, gallery.blocks(), k + 1)
    hits, times_ms = 0, []
    with progress("recall", count, "queries") as advance:
        for row, embedding, best in zip(rows, embeddings, exact, strict=True):
            start = time.perf_counter()
            found = search_index(gallery, embedding[None], k + 1, probes=probes, refine=refine)
            times_ms.append(1e3 * (time.perf_counter() - start))
            hits += len(_others(best, row) & _others(found.rows[0], row))
            advance()
    return IndexRecall(hits / (count * k), count, float(np.median(times_ms)))


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


def _others(rows: NDArray[np.int64], own: int) -> set[int]:
    """Leave the query's own place out, or the last one where it was missed."""
    return set(rows[rows != own][: len(rows) - 1].tolist())
