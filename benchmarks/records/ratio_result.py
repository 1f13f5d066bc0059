"""The row of `make bench-check`: one ratio that a change of ours could spoil."""

from typing import Literal

from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from typing_extensions import Self

from .result import TimedResult


class RatioResult(TimedResult):
    """
    What a method costs by what its yardstick costs, taken in turns in one run.

    A round is one process; `samples_ms` are the method's runs by the host's clock.
    """

    kind: Literal["ratio"] = "ratio"
    """Which table the row belongs to."""

    name: str
    """The ratio's name, such as `embed onnxruntime / frozen graph, onnxruntime`."""

    edition: PositiveInt
    """Of methods and yardsticks: ratios of different editions do not compare."""

    run: str
    """When the guard ran, in UTC; rows of one run were measured together."""

    ratio: PositiveFloat
    """The method's cost by the yardstick's: median of the processes' ratios; a cost is the lowest
    decile of CPU times and the least wait (`guard/cost.py`)."""

    low: NonNegativeFloat
    """Lower end of its 95 % interval, over the processes of this run."""

    high: NonNegativeFloat
    """Upper end."""

    cpu_ms: tuple[NonNegativeFloat, ...]
    """Of each run of the method, what its threads computed, together."""

    yardstick_ms: tuple[NonNegativeFloat, ...]
    """As `samples_ms`, of the yardstick."""

    yardstick_cpu_ms: tuple[NonNegativeFloat, ...]
    """As `cpu_ms`, of the yardstick."""

    @model_validator(mode="after")
    def _clocks_agree(self) -> Self:
        for name in ("cpu_ms", "yardstick_ms", "yardstick_cpu_ms"):
            if len(getattr(self, name)) != self.samples:
                raise ValueError(
                    f"samples is {self.samples}, {name} has {len(getattr(self, name))}"
                )
        return self
