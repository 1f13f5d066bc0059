"""Shares of queries, each with its 95 % interval."""

import numpy as np
from numpy.typing import NDArray

from ...export.gate.lost_interval import clopper_pearson
from ...runtime.ranking import recall, wilson
from ..records.accuracy_result import Share

_RECALLS = {
    "1": "recall_at_1",
    "5": "recall_at_5",
    "10": "recall_at_10",
    "1%": "recall_at_1_percent",
}


def recall_shares(ranks: NDArray[np.int64], gallery: int) -> dict[str, Share]:
    """
    Count recall.

    Args:
        ranks: [Q], from `true_ranks`.
        gallery: N.

    Returns:
        Recall by K (`1`, `5`, `10`, `1%`), in percent.

    """
    found, queries = recall(ranks, gallery), len(ranks)
    percents = {k: float(getattr(found, field)) for k, field in _RECALLS.items()}
    return {
        k: _share(percent / 100, *wilson(round(percent / 100 * queries), queries))
        for k, percent in percents.items()
    }


def lost_share(reference: NDArray[np.int64], ranks: NDArray[np.int64]) -> Share:
    """
    Subtract Recall@1 from the reference's, query by query.

    A query counts as lost where the reference alone answers it, as gained where the reference does
    not. Both rates have the exact interval of the export's gate; the ends of the difference are
    lost less gained at their worst, which is wider than need be and assumes nothing.

    Args:
        reference: [Q], ranks by the reference.
        ranks: [Q], ranks of the same queries.

    Returns:
        Lost less gained in percent of the queries: above zero, the reference is better.

    """
    lost = int(np.sum((reference == 0) & (ranks != 0)))
    gained = int(np.sum((reference != 0) & (ranks == 0)))
    lost_low, lost_high = clopper_pearson(lost, len(ranks))
    gained_low, gained_high = clopper_pearson(gained, len(ranks))
    difference = (lost - gained) / len(ranks)
    return _share(difference, lost_low - gained_high, lost_high - gained_low)


def _share(rate: float, low: float, high: float) -> Share:
    return Share(percent=100 * rate, low=100 * max(-1.0, low), high=100 * min(1.0, high))
