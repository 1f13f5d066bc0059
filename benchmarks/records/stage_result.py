"""The row of what comes before, after and around a branch: start-up, decoding, the whole road."""

from typing import Literal

from pydantic import NonNegativeFloat, PositiveInt

from ...runtime.backends import RunPrecision
from ...runtime.preprocess import View
from .result import TimedResult

Stage = Literal["start_up", "first_call", "decode", "preprocess", "embed", "match", "road"]
"""
What a run covers. `start_up`: from the process's start until both branches can be called.
`first_call`: the first `Backend.embed` after it. `decode`: a file's bytes to pixels. `preprocess`:
pixels to the input's size. `embed`: `Backend.embed`. `match`: an embedding to the places of the
top K. `road`: from the file to the position, all of these in one.
"""


class StageResult(TimedResult):
    """How long one stage takes."""

    kind: Literal["stage"] = "stage"
    """Which table the row belongs to."""

    network: str
    """Name of the configuration or bundle."""

    stage: Stage
    """What a run covers."""

    view: View | None
    """The branch whose images go through; None for `start_up`, which loads both."""

    backend: str | None
    """What executed the branch; None where no backend takes part."""

    precision: RunPrecision | None
    """Of its feature maps; None without a backend."""

    batch: PositiveInt
    """Images a run; 1 for `start_up`."""

    gallery: PositiveInt | None = None
    """Places searched by `match` and `road`."""

    file_width: PositiveInt | None = None
    """Pixels of the image files; None where no file is read."""

    file_height: PositiveInt | None = None
    """As `file_width`."""

    p50_ms: NonNegativeFloat
    """Median of the runs."""

    p90_ms: NonNegativeFloat | None
    """None below 10 samples."""

    p95_ms: NonNegativeFloat | None
    """None below 20 samples."""

    p99_ms: NonNegativeFloat | None
    """None below 100 samples."""

    max_ms: NonNegativeFloat
    """The slowest run."""
