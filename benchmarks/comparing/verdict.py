"""What an interval allows to say: faster, slower, or nothing."""

from ..records.comparison_result import Verdict
from .interval import Interval

MARGIN = 0.02
"""
The least difference worth a word, as a share of A's time.

The same program in two processes differs steadily by a per cent or so, for where its memory
happens to lie (Mytkowicz and others, "Producing wrong data without doing anything obviously wrong",
2009). No interval over the rounds of one pair of processes sees that, and no deployer decides by
it. So an interval must lie beyond the margin as a whole.
"""

MIN_BLOCKS = 5
"""Fewer say nothing: four blocks on one side of 1 happen by chance once in eight times."""


def verdict(interval: Interval, *, margin: float = MARGIN) -> Verdict:
    """
    Judge B against A.

    Args:
        interval: B's time by A's.
        margin: the least difference that counts, as a share; 0.02 is two per cent.

    Returns:
        "slower" where the whole interval lies above 1 + margin, "faster" where it lies below
        1 / (1 + margin), so that swapping A and B swaps the words; "cannot tell" otherwise, and
        for fewer than `MIN_BLOCKS` blocks. `doubt` says why.

    """
    if interval.low is None or interval.high is None or interval.blocks < MIN_BLOCKS:
        return "cannot tell"
    if interval.low > 1 + margin:
        return "slower"
    return "faster" if interval.high < 1 / (1 + margin) else "cannot tell"


def doubt(interval: Interval, *, margin: float = MARGIN) -> str | None:
    """Say why `verdict` cannot tell, in half a sentence; None where it can."""
    if verdict(interval, margin=margin) != "cannot tell":
        return None
    if interval.low is None or interval.high is None or interval.blocks < MIN_BLOCKS:
        return f"{interval.blocks} of the {MIN_BLOCKS} blocks that a verdict needs"
    if 1 / (1 + margin) <= interval.low and interval.high <= 1 + margin:
        return f"any difference is within {margin:.0%}, too little to call"
    return f"the interval reaches into the {margin:.0%} around 1"
