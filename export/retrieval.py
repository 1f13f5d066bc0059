"""What an export does to retrieval: queries lost and gained, neighbours exchanged."""

import numpy as np
from numpy.typing import NDArray
from pydantic import NonNegativeInt

from ..runtime.artifact import Artifact
from ..runtime.bundle import Precision
from ..runtime.ranking import BLOCK_ROWS, recall, true_ranks

MIN_TOP10_OVERLAP = 0.98
"""Smallest mean share of the ten nearest tiles that export may leave in place."""

Embeddings = NDArray[np.float32]


class RetrievalParity(Artifact):
    """Retrieval by an export beside retrieval by PyTorch, on the same held-out places."""

    precision: Precision
    """The graphs of both branches."""

    queries: int
    """Q, ground images, each ranked against all tiles of the same places."""

    recall_at_1_reference: float
    """PyTorch's R@1, in percent."""

    recall_at_1: float
    """The export's R@1, in percent."""

    recall_at_5: float
    """The export's R@5, in percent."""

    recall_at_10: float
    """The export's R@10, in percent."""

    lost: NonNegativeInt
    """Queries that PyTorch answers and the export does not."""

    gained: NonNegativeInt
    """Queries that the export answers and PyTorch does not."""

    allowed_net_lost: NonNegativeInt
    """max(1, floor(0.002 Q))."""

    top10_overlap: float
    """Mean share of PyTorch's ten nearest tiles that the export names, too."""

    def faults(self) -> list[str]:
        """Say what passes the limits, one sentence each."""
        found = []
        net = self.lost - self.gained
        if net > self.allowed_net_lost:
            found.append(
                f"{self.precision}: {net} of {self.queries} queries lost > {self.allowed_net_lost}"
            )
        if not self.top10_overlap >= MIN_TOP10_OVERLAP:
            found.append(
                f"{self.precision}: top-10 overlap {self.top10_overlap:.4f} < {MIN_TOP10_OVERLAP}"
            )
        return found


def compare_retrieval(
    precision: Precision,
    reference: tuple[Embeddings, Embeddings],
    exported: tuple[Embeddings, Embeddings],
) -> RetrievalParity:
    """
    Rank with both and compare.

    Args:
        precision: the export's graphs.
        reference: PyTorch's ground [Q, D] and satellite [Q, D]; row i shows place i.
        exported: the same from the export.

    Raises:
        EmbeddingError: embeddings are not finite, not unit vectors, or have collapsed.

    """
    truth = np.arange(len(reference[0]), dtype=np.int64)
    before, after = true_ranks(*reference, truth), true_ranks(*exported, truth)
    score, tiles = recall(after, len(truth)), min(10, len(truth))
    return RetrievalParity(
        precision=precision,
        queries=len(truth),
        recall_at_1_reference=recall(before, len(truth)).recall_at_1,
        recall_at_1=score.recall_at_1,
        recall_at_5=score.recall_at_5,
        recall_at_10=score.recall_at_10,
        lost=int(np.sum((before == 0) & (after != 0))),
        gained=int(np.sum((before != 0) & (after == 0))),
        allowed_net_lost=max(1, len(truth) // 500),
        top10_overlap=_overlap(_nearest(*reference, tiles), _nearest(*exported, tiles)),
    )


def _nearest(queries: Embeddings, gallery: Embeddings, k: int) -> NDArray[np.int64]:
    found = []
    for first in range(0, len(queries), BLOCK_ROWS):
        scores = queries[first : first + BLOCK_ROWS] @ gallery.T
        found.append(np.argsort(-scores, axis=1, kind="stable")[:, :k])
    return np.concatenate(found)


def _overlap(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    shared = [len(np.intersect1d(a, b)) for a, b in zip(before, after, strict=True)]
    return sum(shared) / before.size
