"""Means over seeds, and Student's interval of a mean: honest and wide for three of them."""

from collections.abc import Sequence
from statistics import fmean, stdev

LEVEL = 0.95
"""How often an interval shall hold the mean."""


def spread(values: Sequence[float]) -> float | None:
    """Return the sample's standard deviation (n - 1); None for a single value."""
    return stdev(values) if len(values) > 1 else None


def interval_of_mean(values: Sequence[float]) -> tuple[float, float] | None:
    """
    Bound the mean of values by Student's t; None for a single value.

    For three values it is 2.48 standard deviations to either side.
    """
    if len(values) < 2:
        return None
    from scipy.stats import t

    mean, freedom = fmean(values), len(values) - 1
    reach = float(t.ppf((1 + LEVEL) / 2, freedom)) * stdev(values) / len(values) ** 0.5
    return mean - reach, mean + reach
