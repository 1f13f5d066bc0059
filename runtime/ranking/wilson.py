"""How sure a share of independent trials is."""

import math

Z = 1.959963984540054
"""Of the standard normal distribution, 95 % lie within this."""


def wilson(events: int, trials: int) -> tuple[float, float]:
    """
    Bound the rate behind a count: Wilson's score interval (JASA 22, 1927).

    It needs no library, so that a device without scipy has intervals, too.

    Args:
        events: how many were seen, of `trials`.
        trials: at least 1.

    Returns:
        Lower and upper end, in 0..1, with the rate seen between them.

    """
    seen, square = events / trials, Z * Z / trials
    middle = (seen + square / 2) / (1 + square)
    half = Z * math.sqrt(seen * (1 - seen) / trials + square / (4 * trials)) / (1 + square)
    # At 0 and at all events the end is the rate itself, but for rounding.
    return max(0.0, min(seen, middle - half)), min(1.0, max(seen, middle + half))
