"""Recall@K and what else a protocol counts, in percent."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeInt, PositiveInt

from ..artifact import Artifact
from .spread import Spread
from .wilson import wilson


class Interval(Artifact):
    """Where a figure lies in 95 of 100 such samples, in percent."""

    low: float = Field(ge=0, le=100)
    """Lower end."""

    high: float = Field(ge=0, le=100)
    """Upper end."""

    def text(self) -> str:
        """Say it in a few words."""
        return f"{self.low:.2f} to {self.high:.2f}"


class Recall(Artifact):
    """What one protocol counts on one task, in percent of the queries."""

    task: str = "pairs"
    """Such as `VIGOR same-area test`; `pairs` where each query has one tile of its own."""

    protocol: str = "exact"
    """How it is counted, such as `within 5 m`."""

    queries: PositiveInt
    """Q, how many queries were ranked."""

    gallery: PositiveInt
    """N, how many items each was ranked against."""

    recall_at_1: float = Field(ge=0, le=100)
    """Percent of queries for which a right item ranks first."""

    recall_at_5: float = Field(ge=0, le=100)
    """Percent among the first 5."""

    recall_at_10: float = Field(ge=0, le=100)
    """Percent among the first 10."""

    recall_at_1_percent: float = Field(ge=0, le=100)
    """
    Percent among the first max(1, floor(N / 100)).

    By University-1652's own count (`average_precision` is there), among the first
    round(N / 100) + 1: its array of cumulative matches is read from 0.
    """

    average_precision: float | None = Field(default=None, ge=0, le=100)
    """Mean over the queries, by the trapezoid rule; None where the protocol has none."""

    ties: NonNegativeInt = 0
    """
    Queries for which an item that counts against them scores exactly as a right one.

    Ties count against the query. Where this is 0, a count of strictly greater scores agrees.
    """

    interval_at_1: Interval | None = None
    """Wilson's 95 % interval of R@1; None where queries share a group and so lean on each other."""

    spread: Spread | None = None
    """Over the groups of the queries; None where there are fewer than two."""

    def line(self) -> str:
        """Put task, protocol and figures on one line."""
        return f"{self.task}, {self.protocol}: {self.figures()}"

    def figures(self) -> str:
        """Put the figures on one line."""
        first = "R@1%" if self.average_precision is None else "R@top1%"
        named = {
            "R@1": self.recall_at_1,
            "R@5": self.recall_at_5,
            "R@10": self.recall_at_10,
            first: self.recall_at_1_percent,
            "AP": self.average_precision,
        }
        told = "  ".join(f"{name} {x:.2f}" for name, x in named.items() if x is not None)
        return f"{told}  ({self.queries} queries, gallery of {self.gallery})"

    def qualifications(self) -> tuple[str, ...]:
        """Say, a line each, how sure the figures are and how far they depend on ties."""
        found = []
        if self.interval_at_1 is not None:
            found.append(f"R@1: 95 % interval {self.interval_at_1.text()}")
        elif self.spread is not None:
            found.append(f"R@1 over {self.spread.groups} groups: {self.spread.recall_at_1.text()}")
        if self.spread is not None and self.spread.average_precision is not None:
            precisions = self.spread.average_precision.text()
            found.append(f"AP over {self.spread.groups} groups: {precisions}")
        if self.ties:
            found.append(f"ties, counted against the query: in {self.ties} queries")
        return tuple(found)


def recall_text(scores: Sequence[Recall]) -> str:
    """Put scores under the names of their tasks, a protocol a line and what qualifies it below."""
    lines: list[str] = []
    for task in dict.fromkeys(score.task for score in scores):
        lines.append(task)
        for score in scores:
            if score.task == task:
                lines.append(f"  {score.protocol}: {score.figures()}")
                lines += [f"    {line}" for line in score.qualifications()]
    return "\n".join(lines)


def recall(ranks: NDArray[np.int64], gallery: int) -> Recall:
    """
    Summarise the ranks of queries that stand alone.

    Args:
        ranks: [Q], from `true_ranks`. Q ≥ 1.
        gallery: N, the gallery's size.

    """
    return Recall(
        queries=len(ranks),
        gallery=gallery,
        recall_at_1=share_within(ranks, 1),
        recall_at_5=share_within(ranks, 5),
        recall_at_10=share_within(ranks, 10),
        recall_at_1_percent=share_within(ranks, max(1, gallery // 100)),
        interval_at_1=interval_at_1(ranks),
    )


def share_within(ranks: NDArray[np.int64], k: int) -> float:
    """Count the ranks below k, in percent of all."""
    return 100.0 * float(np.mean(ranks < k))


def interval_at_1(ranks: NDArray[np.int64]) -> Interval:
    """Bound R@1 of queries that do not lean on each other."""
    low, high = wilson(int(np.count_nonzero(ranks == 0)), len(ranks))
    return Interval(low=100 * low, high=100 * high)
