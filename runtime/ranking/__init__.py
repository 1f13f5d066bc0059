"""Retrieval protocols: where the right rows of a gallery stand, and the figures made of it."""

from .counting import BLOCK_ROWS
from .recall import Interval, Recall, recall, recall_text
from .scoring import score_task
from .spread import Distribution, Spread
from .standing import Standing, standings, true_ranks
from .wilson import wilson

__all__ = [
    "BLOCK_ROWS",
    "Distribution",
    "Interval",
    "Recall",
    "Spread",
    "Standing",
    "recall",
    "recall_text",
    "score_task",
    "standings",
    "true_ranks",
    "wilson",
]
