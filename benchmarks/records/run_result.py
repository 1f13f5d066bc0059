"""What a row of one training run says besides its recall."""

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from .scored_result import ScoredResult


class RunResult(ScoredResult):
    """One training run: what it cost, and what its score has to be read against."""

    floor_at_1: float | None = Field(default=None, ge=0, le=100)
    """R@1 of a linear method on the same places, in percent; None where nobody reckoned it."""

    steps: PositiveInt
    """Batches in all."""

    seconds: NonNegativeFloat | None = None
    """Of `train_run`, decoding and evaluation included; None for a run that was interrupted or
    trained elsewhere. No benchmark: nothing was interleaved."""

    final_loss: NonNegativeFloat | None = None
    """Mean of the log's last five losses; None without a log."""

    pair_macs: NonNegativeInt
    """Of one ground and one satellite image at inference, where NEC is folded to a constant."""

    params: NonNegativeInt
    """Weights that are trained; shared ones count once."""
