"""The row of `clnet-bench compare`: B against A."""

from typing import Literal

from pydantic import NonNegativeFloat, PositiveInt

from .result import Result

Verdict = Literal["faster", "slower", "cannot tell"]
"""What the interval allows to say of B."""


class ComparisonResult(Result):
    """One quantity of A and B."""

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

    blocks: PositiveInt
    """Blocks behind the interval."""

    a_ms: NonNegativeFloat
    """Median of A."""

    b_ms: NonNegativeFloat
    """Median of B."""

    ratio: NonNegativeFloat
    """B's time by A's; above 1, B is slower."""

    low: NonNegativeFloat | None
    """Lower end of the 95 % interval; None for a single block."""

    high: NonNegativeFloat | None
    """Upper end."""

    verdict: Verdict
    """Of B against A."""
