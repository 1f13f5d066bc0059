"""The row of `clnet-bench ranking`: how long the ranks of all true matches take."""

from typing import Literal

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt

from .result import TimedResult


class RankingResult(TimedResult):
    """How long all ranks take; every method uses numpy's BLAS as it detects the processor."""

    kind: Literal["ranking"] = "ranking"
    """Which table the row belongs to."""

    method: Literal["clnet_ranks", "product_blocks"]
    """`product_blocks` multiplies in the blocks of the ranks and does no more."""

    queries: PositiveInt
    """Q."""

    gallery: PositiveInt
    """N, rows."""

    dim: PositiveInt
    """D."""

    seed: NonNegativeInt
    """Of the random unit vectors."""

    median_s: NonNegativeFloat
    """Median over the rounds, for all queries."""

    gflops: NonNegativeFloat
    """2 Q N D by the median: the product's arithmetic, 10^9 a second."""

    ratio_to_product: NonNegativeFloat
    """Time of this method by the product's: median of the rounds' ratios."""

    peak_above_inputs_mib: float | None
    """The most memory that the method's process held beyond its queries and its gallery; the
    interpreter and the libraries are in it. None where the system does not tell."""
