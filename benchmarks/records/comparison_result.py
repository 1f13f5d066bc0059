"""The rows of `clnet-bench compare`: B against A, in time and in quality."""

from typing import Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.preprocess import View
from .accuracy_result import Share
from .result import Result

Verdict = Literal["faster", "slower", "cannot tell"]
"""What the interval allows to say of B."""


class ComparisonResult(Result):
    """One time of A and B. Machine and versions are B's; `differences` tells of A's."""

    kind: Literal["comparison"] = "comparison"
    """Which table the row belongs to."""

    a: str
    """Name of A: a file or a bundle."""

    b: str
    """Name of B."""

    what: str
    """The quantity, such as `latency pair onnxruntime fp32 batch 8`."""

    interleaved: bool
    """Whether A and B took turns in one run; of two files they did not."""

    yardstick: str | None = None
    """What both times were divided by, round by round, such as `torch_eager fp32`: it ran in both
    runs, and with it the machine's mood cancels. None: the bare times were compared."""

    blocks: PositiveInt
    """Blocks behind the interval."""

    a_ms: NonNegativeFloat
    """Median of A."""

    b_ms: NonNegativeFloat
    """Median of B."""

    ratio: NonNegativeFloat
    """B's time by A's, after the yardstick; above 1, B is slower."""

    low: NonNegativeFloat | None
    """Lower end of the 95 % interval; None for a single block."""

    high: NonNegativeFloat | None
    """Upper end."""

    margin: NonNegativeFloat
    """The least difference that counts, as a share of A's time."""

    verdict: Verdict
    """Of B against A."""

    doubt: str | None = None
    """Why the verdict cannot tell; None where it can."""

    differences: tuple[str, ...] = ()
    """What else differs between the runs, such as `torch 2.7.0 -> 2.8.0`: a reason of the ratio
    that may have nothing to do with what was meant to be compared."""


class KnownPlace(Artifact):
    """A place by its id, and where it is if the data set says."""

    id: str
    """In the data set."""

    latitude: float | None
    """WGS84 degrees; None where the data set does not say."""

    longitude: float | None
    """As `latitude`."""


class MovedQuery(Artifact):
    """A query whose true place ranks differently by A and by B."""

    query: KnownPlace
    """The ground image's place."""

    rank_a: PositiveInt
    """Of the true place by A; 1 is best."""

    rank_b: PositiveInt
    """By B."""

    top_a: KnownPlace
    """The place that A ranks first."""

    top_b: KnownPlace
    """The place that B ranks first."""


class QualityResult(Result):
    """How B's embeddings and answers differ from A's on the same images."""

    kind: Literal["quality"] = "quality"
    """Which table the row belongs to."""

    a: str
    """Name of A: a file or a bundle."""

    b: str
    """Name of B."""

    what: str
    """The images and how they are ranked: `town, cvusa val; 1:1, ties against the query`."""

    queries: NonNegativeInt
    """Q; 0 where no data set was given."""

    gallery: NonNegativeInt
    """N, the same for both."""

    recall_a: dict[str, Share] = Field(default_factory=dict)
    """A's recall by K: `1`, `5`, `10`, `1%`; empty without a data set."""

    recall_b: dict[str, Share] = Field(default_factory=dict)
    """B's."""

    gained_at_1: Share | None = None
    """B's Recall@1 less A's, in percentage points, paired by query; None where it was not."""

    moved: tuple[MovedQuery, ...] | None = None
    """Queries whose true place changed its rank, those first that A or B answers; None where the
    answers to each query are not known."""

    min_cosine: dict[View, float] = Field(default_factory=dict)
    """By view, the least cosine between A's and B's embedding of an image; views whose
    preprocessing or whose embedding's length differs are left out."""

    same_space: bool | None = None
    """Whether the embedding space ids are equal, so that one gallery serves both; None of files."""
