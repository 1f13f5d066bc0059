"""What every row with a recall on held-out places says."""

from pydantic import Field, NonNegativeInt, PositiveInt

from ...runtime.datasets import Layout
from .result import Result


class ScoredResult(Result):
    """One trained network on one data set's held-out places."""

    data: str
    """Name of the data set's folder."""

    layout: Layout
    """How it lies on disk."""

    seed: NonNegativeInt
    """Of the training run: weights, order of batches, augmentation."""

    queries: PositiveInt
    """Q."""

    gallery: PositiveInt
    """N."""

    recall_at_1: float = Field(ge=0, le=100)
    """Percent of queries whose true match ranks first, by the benchmark's own protocol."""

    recall_at_5: float = Field(ge=0, le=100)
    """Percent among the first 5."""

    recall_at_10: float = Field(ge=0, le=100)
    """Percent among the first 10."""
