"""The rows of `clnet-bench ablation`: runs, gains of each step, and transfer."""

from typing import Literal

from pydantic import Field, PositiveInt

from .result import Result
from .run_result import RunResult
from .scored_result import ScoredResult

Variant = Literal["baseline", "maps", "nec", "image"]
"""`baseline`: no maps. `maps`: maps and GFR, each view its own map. `nec`: the satellite's map
is NEC's. `image`: the rival whose maps are computed from each image."""


class AblationResult(RunResult):
    """One run of one variant."""

    kind: Literal["ablation"] = "ablation"
    """Which table the row belongs to."""

    variant: Variant
    """What was built in."""


class GainResult(Result):
    """What one step of the ablation adds, paired by seed."""

    kind: Literal["gain"] = "gain"
    """Which table the row belongs to."""

    variant: Variant
    """With the step."""

    over: Variant
    """Without it."""

    seeds: tuple[int, ...]
    """Of which both were trained."""

    gain_at_1: float
    """Mean over seeds of R@1 with the step less R@1 without, in percentage points."""

    low: float | None
    """Lower end of Student's 95 % interval of that mean; None for a single seed."""

    high: float | None
    """Upper end."""

    least: float
    """The smallest gain of a seed."""

    most: float
    """The largest."""


class TransferResult(ScoredResult):
    """A network on held-out places of a data set that it was not trained on."""

    kind: Literal["transfer"] = "transfer"
    """Which table the row belongs to."""

    variant: Variant
    """What was built in."""

    own_data: str
    """What it was trained on."""

    own_recall_at_1: float = Field(ge=0, le=100)
    """R@1 on that one's held-out places."""

    own_gallery: PositiveInt
    """N there: recalls of galleries of other sizes do not compare as they are."""
