"""A failure signature as a check: its figures, its limits and its verdict."""

from typing import Literal

from .result import Result

SignatureName = Literal[
    "low recall with deviating NEC output", "poor transfer", "FLOPs above the claim"
]

SignatureVerdict = Literal["met", "not met", "not measured"]
"""Of the signature, so `met` is the bad news."""


class SignatureResult(Result):
    """One signature, looked for in one network."""

    kind: Literal["signature"] = "signature"
    """Which table the row belongs to."""

    signature: SignatureName
    """What was looked for."""

    subject: str
    """Run that it was looked for in."""

    verdict: SignatureVerdict
    """Whether it is there."""

    figures: dict[str, float]
    """What was found, by name with unit; empty where nothing was measured."""

    rule: str
    """When the signature counts as met, limits included."""
