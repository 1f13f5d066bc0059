"""The rows of `clnet-bench maps`: contribution, drift and likeness of neural maps."""

from typing import Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from ...runtime.preprocess import View
from .result import Result
from .scored_result import ScoredResult


class MapRecallResult(ScoredResult):
    """Recall of a trained network with other maps in the place of its own; nothing is retrained."""

    kind: Literal["map_recall"] = "map_recall"
    """Which table the row belongs to."""

    run: str
    """Name of the run's folder."""

    maps: Literal["learned", "uniform", "shuffled", "borrowed"]
    """`uniform`: each channel's mean weight at every position. `shuffled`: positions permuted, all
    channels alike, each view apart. `borrowed`: both maps of another run."""

    source: str | None = None
    """Of borrowed maps: the other run."""

    draws: PositiveInt = 1
    """Permutations that the recalls are means over; 1 where nothing was drawn."""

    spread_at_1: NonNegativeFloat | None = None
    """Standard deviation of R@1 over the draws; None for a single one."""

    floor_at_1: float | None = Field(default=None, ge=0, le=100)
    """R@1 of a linear method on the same places, in percent; None where nobody reckoned it."""


class MapDriftResult(Result):
    """How far training took one map from its start, and how peaked it became."""

    kind: Literal["map_drift"] = "map_drift"
    """Which table the row belongs to."""

    run: str
    """Name of the run's folder."""

    level: NonNegativeInt
    """Stage of the backbone."""

    view: View
    """`ground` is N^g, `satellite` is N^s, NEC's output where there is NEC."""

    channels: PositiveInt
    """C."""

    height: PositiveInt
    """H."""

    width: PositiveInt
    """W."""

    cosine: float = Field(ge=-1.0001, le=1.0001)
    """Of the map at its start and at its end, all numbers as one vector."""

    relative_change: NonNegativeFloat
    """Norm of the difference by the norm at the start."""

    std_before: NonNegativeFloat
    """Standard deviation over positions at the start, mean over channels."""

    std_after: NonNegativeFloat
    """The same at the end."""

    effective_before: PositiveFloat
    """Effective share of positions of the softmax over space at the start: the exponential of its
    entropy by H W, mean over channels; 1 is uniform, 1 / (H W) a single position."""

    effective_after: PositiveFloat
    """The same at the end. Of softmax whatever the normaliser, so that runs compare."""


class MapLikenessResult(Result):
    """How alike the normalised maps of two runs are, beside what chance gives."""

    kind: Literal["map_likeness"] = "map_likeness"
    """Which table the row belongs to."""

    run_a: str
    """One run's folder."""

    run_b: str
    """The other's."""

    level: NonNegativeInt
    """Stage of the backbone."""

    view: View
    """`ground` is N^g, `satellite` is N^s."""

    compared: Literal["mean", "matched channels"]
    """`mean`: of all channels. `matched channels`: the mean over channels once each is paired with
    one of the other run so that the sum is greatest, for channels of two runs do not correspond."""

    positions: PositiveInt
    """H W: with few of them, much is alike by chance."""

    correlation: float | None
    """Pearson's, over positions; None where a map is constant."""

    chance_mean: float | None
    """Mean of the same figure with the positions of one run permuted, matched anew each time."""

    chance_high: float | None
    """Its 95th percentile."""

    p_value: float | None = Field(ge=0, le=1)
    """Share of permutations at least as alike, the observed one counted in; small says more than
    chance."""

    permutations: NonNegativeInt
    """How many were taken: all but the identity where there are few, else some by chance."""


class MapBearingResult(Result):
    """Whether each channel weighs the same direction from the camera in both views."""

    kind: Literal["map_bearing"] = "map_bearing"
    """Which table the row belongs to."""

    run: str
    """Name of the run's folder."""

    level: NonNegativeInt
    """Stage of the backbone."""

    agreement_before: float = Field(ge=-1.0001, le=1.0001)
    """Cosine of the directions of norm(N^g) and norm(N^s), all channels as one vector, at the
    start: 1 where every channel looks the same way in both views, near 0 where none has to do with
    the other; a direction that all channels share lifts it, and the chance of it, too."""

    agreement_after: float = Field(ge=-1.0001, le=1.0001)
    """The same at the end."""

    chance_high: float
    """95th percentile of the latter with the channels of one view permuted."""

    p_value: float = Field(ge=0, le=1)
    """Share of permutations that agree at least as far, the observed one counted in."""

    permutations: PositiveInt
    """How many were drawn."""
