"""From embeddings to figures: every protocol of a task, each named."""

import numpy as np
from numpy.typing import NDArray

from ..datasets.task import Protocol, Task
from ..errors import ShapeError
from .recall import Recall, interval_at_1, share_within
from .spread import spread_over
from .standing import Standing, standings


def score_task(
    task: Task, queries: NDArray[np.float32], gallery: NDArray[np.float32]
) -> tuple[Recall, ...]:
    """
    Count a task by each of its protocols. No [Q, N] matrix is ever held.

    Args:
        task: Q queries and N gallery pictures.
        queries: [Q, D] float32, rows of unit length, in the order of the task.
        gallery: [N, D] float32, rows of unit length, in the order of the task.

    Returns:
        One a protocol, in their order: the first is the benchmark's own.

    Raises:
        ShapeError: arrays of other shapes or types, or not as many as the task has pictures.
        EmbeddingError: rows are not finite, not of unit length, or all one point.

    """
    for name, embeddings, pictures in (
        ("queries", queries, task.queries),
        ("gallery", gallery, task.gallery),
    ):
        if len(embeddings) != len(pictures):
            raise ShapeError(f"{task.name}: {name}", f"{len(pictures)} rows", f"{len(embeddings)}")
    found = standings(queries, gallery, task.protocols)
    return tuple(
        _figures(task, protocol, standing)
        for protocol, standing in zip(task.protocols, found, strict=True)
    )


def average_precisions(standing: Standing) -> NDArray[np.float64]:
    """
    Integrate precision over recall, as University-1652 does: by the trapezoid rule.

    A right row at position r (0 is best) that has j right ones before it adds
    ((j / r) + (j + 1) / (r + 1)) / 2, with 1 for 0 / 0; the mean over the right rows is the
    query's average precision.

    Returns:
        [Q] float64, in 0..1.

    """
    sizes = np.diff(standing.starts)
    before = np.arange(len(standing.ahead)) - np.repeat(standing.starts[:-1], sizes)
    position = standing.ahead + before
    at_row = (before + 1) / (position + 1)
    above_it = np.where(position > 0, before / np.maximum(position, 1), 1.0)
    sums = np.add.reduceat((above_it + at_row) / 2, standing.starts[:-1])
    precisions: NDArray[np.float64] = sums / sizes
    return precisions


def _figures(task: Task, protocol: Protocol, standing: Standing) -> Recall:
    ranks = standing.ranks
    gallery = len(task.gallery if protocol.kept is None else protocol.kept)
    precisions = average_precisions(standing) if protocol.figures == "cmc-and-ap" else None
    groups = [query.group for query in task.queries]
    alone = set(groups) == {""} or len(set(groups)) == len(groups)
    return Recall(
        task=task.name,
        protocol=protocol.name,
        queries=len(ranks),
        gallery=gallery,
        recall_at_1=share_within(ranks, 1),
        recall_at_5=share_within(ranks, 5),
        recall_at_10=share_within(ranks, 10),
        recall_at_1_percent=share_within(ranks, _one_percent(gallery, protocol)),
        average_precision=None if precisions is None else 100.0 * float(precisions.mean()),
        ties=int(np.count_nonzero(standing.tied)),
        interval_at_1=interval_at_1(ranks) if alone else None,
        spread=spread_over(groups, ranks, precisions),
    )


def _one_percent(gallery: int, protocol: Protocol) -> int:
    """Tell how many of the first rows are R@1%'s; see `Recall.recall_at_1_percent`."""
    return round(0.01 * gallery) + 1 if protocol.figures == "cmc-and-ap" else max(1, gallery // 100)
