"""What an export does to retrieval: queries lost and gained, neighbours exchanged."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeInt

from ...runtime.artifact import Artifact
from ...runtime.bundle import Precision
from ...runtime.ranking import BLOCK_ROWS, recall, true_ranks
from .lost_interval import clopper_pearson

MIN_TOP10_OVERLAP = 0.98
"""Smallest mean share of the ten nearest tiles that export may leave in place."""

MAX_LOST_RATE = 0.002
"""Share of the queries that an export may lose."""

INTERVAL_GATES_FROM = 2000
"""Queries from which on the interval's upper end must keep to `MAX_LOST_RATE`. Zero lost of 2,000
puts it at 0.00184; under 1,843 queries no export could pass. One lost query needs 2,784, two 3,610:
where the interval gates, it is stricter than the count."""

Embeddings = NDArray[np.float32]


class Ranking(NamedTuple):
    """What the queries of Q places find among their Q tiles."""

    ranks: NDArray[np.int64]
    """[Q], where the true tile ranks; 0 is best."""

    nearest: NDArray[np.int64]
    """[Q, min(10, Q)], the best tiles, the nearest first."""


class RetrievalParity(Artifact):
    """Retrieval by an export beside retrieval by PyTorch, on the same held-out places."""

    query_precision: Precision
    """The ground branch's graph."""

    gallery_precision: Precision
    """The satellite branch's graph."""

    queries: int
    """Q, ground images, each ranked against all tiles of the same places."""

    recall_at_1_reference: float
    """PyTorch's R@1, in percent."""

    recall_at_5_reference: float
    """PyTorch's R@5, in percent."""

    recall_at_10_reference: float
    """PyTorch's R@10, in percent."""

    recall_at_1: float
    """The export's R@1, in percent."""

    recall_at_5: float
    """The export's R@5, in percent."""

    recall_at_10: float
    """The export's R@10, in percent."""

    delta_recall_at_1: float
    """The export's R@1 less PyTorch's, in percentage points."""

    delta_recall_at_5: float
    """The same of R@5."""

    delta_recall_at_10: float
    """The same of R@10."""

    lost: NonNegativeInt
    """Queries that PyTorch answers and the export does not."""

    gained: NonNegativeInt
    """Queries that the export answers and PyTorch does not."""

    allowed_net_lost: NonNegativeInt
    """max(1, floor(0.002 Q)): what `lost` less `gained` may be."""

    lost_rate_low: float = Field(ge=0, le=1)
    """Lower end of the exact 95 % interval of the rate behind `lost` of Q."""

    lost_rate_high: float = Field(ge=0, le=1)
    """Upper end; at least `INTERVAL_GATES_FROM` queries gate it, fewer only inform."""

    top10_overlap: float
    """Mean share of PyTorch's ten nearest tiles that the export names, too."""

    @property
    def name(self) -> str:
        """Both precisions in words."""
        if self.query_precision == self.gallery_precision:
            return self.query_precision
        return f"{self.query_precision} query on {self.gallery_precision} gallery"

    def faults(self) -> list[str]:
        """Say what passes the limits, one sentence each."""
        where, net, found = f"retrieval level: {self.name}", self.lost - self.gained, []
        if net > self.allowed_net_lost:
            found.append(
                f"{where}: {net} of {self.queries} queries lost (net) > {self.allowed_net_lost}"
            )
        if self.queries >= INTERVAL_GATES_FROM and not self.lost_rate_high <= MAX_LOST_RATE:
            found.append(
                f"{where}: {self.lost} of {self.queries} queries lost: the rate may be "
                f"{self.lost_rate_high:.5f} > {MAX_LOST_RATE} (95 % interval)"
            )
        if not self.top10_overlap >= MIN_TOP10_OVERLAP:
            found.append(f"{where}: top-10 overlap {self.top10_overlap:.4f} < {MIN_TOP10_OVERLAP}")
        return found


def rank(queries: Embeddings, gallery: Embeddings) -> Ranking:
    """
    Rank all tiles for every query.

    Args:
        queries: [Q, D] float32, ground; row i shows place i.
        gallery: [Q, D] float32, satellite.

    Raises:
        EmbeddingError: embeddings are not finite, not unit vectors, or have collapsed.

    """
    truth = np.arange(len(queries), dtype=np.int64)
    ranks = true_ranks(queries, gallery, truth)
    return Ranking(ranks, _nearest(queries, gallery, min(10, len(gallery))))


def compare_retrieval(
    precisions: tuple[Precision, Precision], reference: Ranking, exported: Ranking
) -> RetrievalParity:
    """
    Compare two rankings of the same places.

    Args:
        precisions: the export's, of queries and of gallery.
        reference: by PyTorch's embeddings.
        exported: by the graphs'.

    """
    before, after = reference.ranks, exported.ranks
    lost = int(np.sum((before == 0) & (after != 0)))
    low, high = clopper_pearson(lost, len(before))
    return RetrievalParity(
        query_precision=precisions[0],
        gallery_precision=precisions[1],
        queries=len(before),
        **_recalls(before, after),
        lost=lost,
        gained=int(np.sum((before != 0) & (after == 0))),
        allowed_net_lost=max(1, len(before) // 500),
        lost_rate_low=low,
        lost_rate_high=high,
        top10_overlap=_overlap(reference.nearest, exported.nearest),
    )


def _recalls(before: NDArray[np.int64], after: NDArray[np.int64]) -> dict[str, float]:
    was, now = recall(before, len(before)), recall(after, len(after))
    found: dict[str, float] = {}
    for name in ("recall_at_1", "recall_at_5", "recall_at_10"):
        found[f"{name}_reference"] = getattr(was, name)
        found[name] = getattr(now, name)
        found[f"delta_{name}"] = getattr(now, name) - getattr(was, name)
    return found


def _nearest(queries: Embeddings, gallery: Embeddings, k: int) -> NDArray[np.int64]:
    found = []
    for first in range(0, len(queries), BLOCK_ROWS):
        scores = queries[first : first + BLOCK_ROWS] @ gallery.T
        found.append(np.argsort(-scores, axis=1, kind="stable")[:, :k])
    return np.concatenate(found)


def _overlap(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    shared = [len(np.intersect1d(a, b)) for a, b in zip(before, after, strict=True)]
    return sum(shared) / before.size
