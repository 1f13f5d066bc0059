"""A task with fewer pictures: its rows counted anew."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .task import GalleryRows, Protocol, Task

Mask = NDArray[np.bool_]


def subtask(task: Task, queries: Mask, gallery: Mask) -> Task:
    """
    Keep some pictures of a task.

    A query that has no right picture left in one of the protocols goes, too.

    Args:
        task: Q queries and N gallery pictures.
        queries: [Q] bool, True for those to keep.
        gallery: [N] bool, True for those to keep.

    """
    left = queries.copy()
    for protocol in task.protocols:
        left &= _counts(protocol.right, gallery) > 0
    return replace(
        task,
        queries=tuple(task.queries[row] for row in np.flatnonzero(left)),
        gallery=tuple(task.gallery[row] for row in np.flatnonzero(gallery)),
        protocols=tuple(_protocol(protocol, left, gallery) for protocol in task.protocols),
    )


def _protocol(protocol: Protocol, queries: Mask, gallery: Mask) -> Protocol:
    ignored, kept = protocol.ignored, protocol.kept
    return replace(
        protocol,
        right=_rows(protocol.right, queries, gallery),
        ignored=None if ignored is None else _rows(ignored, queries, gallery),
        kept=None if kept is None else _renumbered(kept, gallery),
    )


def _counts(rows: GalleryRows, gallery: Mask) -> NDArray[np.int64]:
    """Count what is left of each query's rows. Returns [Q] int64."""
    before = np.zeros(len(rows.rows) + 1, np.int64)
    np.cumsum(gallery[rows.rows], out=before[1:])
    return np.diff(before[rows.starts])


def _rows(rows: GalleryRows, queries: Mask, gallery: Mask) -> GalleryRows:
    starts = np.zeros(np.count_nonzero(queries) + 1, np.int64)
    np.cumsum(_counts(rows, gallery)[queries], out=starts[1:])
    of_kept_queries = np.repeat(queries, np.diff(rows.starts))
    return GalleryRows(starts, _renumbered(rows.rows[of_kept_queries], gallery))


def _renumbered(rows: NDArray[np.int64], gallery: Mask) -> NDArray[np.int64]:
    """Drop the rows that go and count those that stay. Their order stays."""
    place = np.cumsum(gallery, dtype=np.int64) - 1
    return place[rows[gallery[rows]]]
