"""The row of `clnet-bench nec`: one converter, trained and scored."""

from typing import Literal

from pydantic import NonNegativeInt, PositiveInt, model_validator
from typing_extensions import Self

from .run_result import RunResult

Activation = Literal["gelu", "relu", "silu", "tanh"]
"""Between NEC's layers."""


class NecResult(RunResult):
    """Recall beside what the converter computes."""

    kind: Literal["nec"] = "nec"
    """Which table the row belongs to."""

    depth: PositiveInt
    """Linear layers."""

    width: PositiveInt | None
    """Units of a hidden layer; None where there is none (depth 1)."""

    activation: Activation | None
    """Between the layers; None where there is none (depth 1)."""

    is_configured: bool
    """Whether it is the one of the configuration, which the others are varied from."""

    nec_macs: NonNegativeInt
    """Of one forward pass in training, counted by torch: once a batch, whatever the batch."""

    nec_macs_analytic: NonNegativeInt
    """The same from the sizes: C times the sum of each layer's inputs by outputs."""

    nec_macs_inference: Literal[0] = 0
    """NEC(N^g) is a constant at inference, and export folds it."""

    nec_params: NonNegativeInt
    """Its weights and biases."""

    @model_validator(mode="after")
    def _counts_agree(self) -> Self:
        if self.nec_macs != self.nec_macs_analytic:
            raise ValueError(
                f"counted {self.nec_macs} MACs of NEC, its sizes give {self.nec_macs_analytic}"
            )
        return self
