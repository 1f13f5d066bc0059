"""The row of `clnet-bench accuracy`: how well a bundle finds places, beside its checkpoint."""

from typing import Literal

from pydantic import Field, PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.backends import RunPrecision
from .result import Result


class Share(Artifact):
    """A percentage of queries, with its interval."""

    percent: float = Field(ge=-100, le=100)
    """The figure; a difference may be negative."""

    low: float = Field(ge=-100, le=100)
    """Lower end of the 95 % interval."""

    high: float = Field(ge=-100, le=100)
    """Upper end."""


class AccuracyResult(Result):
    """Recall of one backend and precision on one data set."""

    kind: Literal["accuracy"] = "accuracy"
    """Which table the row belongs to."""

    network: str
    """Name of the bundle, also in the row of its checkpoint."""

    data: str
    """Name of the data set's folder."""

    layout: str
    """How it lies on disk, such as `cvusa`."""

    protocol: str
    """How recall is counted, such as `cvusa 1:1, ties against the query`."""

    backend: str
    """What embedded; `torch_eager` is the checkpoint, the reference."""

    precision: RunPrecision
    """Of the feature maps."""

    tf32: bool = False
    """Whether its FP32 products could run in TF32; never on a CPU."""

    queries: PositiveInt
    """Q."""

    gallery: PositiveInt
    """N."""

    recall_at: dict[str, Share]
    """Recall by K: `1`, `5`, `10`, `1%`."""

    lost_at_1: Share | None
    """Recall@1 of the reference less this one's, paired by query; None without a reference, and
    of the reference itself."""

    moved_queries: tuple[str, ...] | None
    """Ids whose true place has another rank than by the reference; None as `lost_at_1`."""

    min_cosine: float | None
    """The least of all images' embeddings to the reference's; None as `lost_at_1`."""
