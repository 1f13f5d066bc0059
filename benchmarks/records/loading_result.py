"""The row of `clnet-bench loading`: whether the input keeps the trainer waiting."""

from typing import Literal

from pydantic import NonNegativeFloat, PositiveInt

from .result import TimedResult


class LoadingResult(TimedResult):
    """Pairs a second of the loader alone, or of the trainer's step alone."""

    kind: Literal["loading"] = "loading"
    """Which table the row belongs to."""

    method: Literal["trainer_step", "loader_decoding", "loader_kept"]
    """
    `loader_decoding` reads and decodes every file (from the system's cache of files, if they fit
    it), augments and normalises; `loader_kept` has them decoded. `trainer_step` learns from one
    batch that lies ready.
    """

    data: str
    """Name of the data set's folder."""

    layout: str
    """How it lies on disk."""

    batch: PositiveInt
    """B, pairs a batch."""

    batches: PositiveInt
    """Batches of one run."""

    pairs_per_s: NonNegativeFloat
    """By the median of the runs; a pair is two images."""

    ratio_to_trainer: NonNegativeFloat
    """How many times as fast as the trainer's step: median of the rounds' ratios."""

    peak_mib: float | None
    """The most memory that the method's process held, the interpreter and all libraries in it;
    None where the system does not tell."""
