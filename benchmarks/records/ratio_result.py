"""The row of `make bench-check`: one ratio that a change of ours could spoil."""

from typing import Literal

from pydantic import NonNegativeFloat, PositiveFloat

from .result import TimedResult


class RatioResult(TimedResult):
    """The time of a method by that of its yardstick, taken in turns in one run."""

    kind: Literal["ratio"] = "ratio"
    """Which table the row belongs to."""

    name: str
    """The ratio's name, such as `embed onnxruntime fp32 / torch_eager fp32`."""

    run: str
    """Which run of the guard the row is of; rows of one run were measured together."""

    ratio: PositiveFloat
    """The method's time by the yardstick's: median of the rounds' ratios."""

    low: NonNegativeFloat
    """Lower end of its 95 % interval."""

    high: NonNegativeFloat
    """Upper end."""
