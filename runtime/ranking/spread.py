"""How a score differs between the cities or buildings that its queries are of."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveInt
from typing_extensions import Self

from ..artifact import Artifact

Floats = NDArray[np.float64]


class Distribution(Artifact):
    """Of one figure a group, in percent."""

    mean: float = Field(ge=0, le=100)
    """Each group counts alike, whatever number of queries it has."""

    standard_deviation: float = Field(ge=0)
    """Of the groups, with n - 1."""

    least: float = Field(ge=0, le=100)
    """Of the worst group."""

    greatest: float = Field(ge=0, le=100)
    """Of the best group."""

    @classmethod
    def of(cls, figures: Floats) -> Self:
        """Summarise [G] figures, G ≥ 2."""
        return cls(
            mean=float(np.clip(figures.mean(), 0, 100)),
            standard_deviation=float(figures.std(ddof=1)),
            least=float(figures.min()),
            greatest=float(figures.max()),
        )

    def text(self) -> str:
        """Say it in a few words."""
        return (
            f"mean {self.mean:.2f}, standard deviation {self.standard_deviation:.2f}, "
            f"{self.least:.2f} to {self.greatest:.2f}"
        )


class Spread(Artifact):
    """Over the groups of the queries: cities, buildings."""

    groups: PositiveInt
    """G, how many."""

    recall_at_1: Distribution
    """Of each group's R@1."""

    average_precision: Distribution | None = None
    """Of each group's; None where the protocol has none."""


def spread_over(
    groups: Sequence[str], ranks: NDArray[np.int64], precisions: Floats | None
) -> Spread | None:
    """
    Compare groups.

    Args:
        groups: of each of Q queries; an empty name is none.
        ranks: [Q], 0 is best.
        precisions: [Q] average precision in 0..1, where the protocol has it.

    Returns:
        None unless every query has a group and there are two at least.

    """
    names, of_query = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2 or "" in names:
        return None

    def each(figure: Floats) -> Distribution:
        total = np.bincount(of_query, weights=figure)
        return Distribution.of(100.0 * total / np.bincount(of_query))

    return Spread(
        groups=len(names),
        recall_at_1=each((ranks == 0).astype(np.float64)),
        average_precision=None if precisions is None else each(precisions),
    )
