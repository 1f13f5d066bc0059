"""The row of what comes before, after and around a branch: start-up, decoding, the whole road."""

from typing import Literal

from pydantic import NonNegativeFloat, PositiveInt

from ...runtime.backends import RunPrecision
from ...runtime.preprocess import View
from .result import TimedResult

Stage = Literal["start_up", "first_call", "decode", "preprocess", "embed", "match", "road"]
"""
What a run covers.

`start_up`: a new process, until both branches can be called: interpreter, imports, the bundle's
hashes, both graphs or engines. `first_call`: a branch's first `Backend.embed` after it, ground
before satellite. `decode`: a file in the system's cache to pixels. `preprocess`: pixels to the
network's size. `embed`: `Backend.embed`. `match`: an embedding to the top K with their positions,
from a gallery on disk, as clnet-match searches it. `road`: from the file to the positions, these
four one after the other; a run's time is their sum.
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
    """What executed the branch, in whose process the stage ran; None where no backend took part."""

    precision: RunPrecision | None
    """Of its feature maps; None without a backend."""

    batch: PositiveInt
    """Images a run; 1 for `start_up`."""

    gallery: PositiveInt | None = None
    """Places searched by `match` and `road`."""

    k: PositiveInt | None = None
    """Places found by `match` and `road`."""

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
