"""How often queries are lost, as exactly as a sample can say."""

CONFIDENCE = 0.95


def clopper_pearson(events: int, trials: int) -> tuple[float, float]:
    """
    Bound the rate behind a count: the exact two-sided 95 % interval.

    It holds for any rate and sample, unlike the normal approximation, which is empty at zero
    events (Clopper and Pearson, Biometrika 26, 1934).

    Args:
        events: how many were seen, of `trials`.
        trials: at least 1.

    Returns:
        Lower and upper end, in 0..1.

    """
    from scipy.stats import binomtest  # takes a second to import

    interval = binomtest(events, trials).proportion_ci(CONFIDENCE, method="exact")
    return float(interval.low), float(interval.high)
