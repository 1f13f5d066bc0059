"""Percentiles that were really seen."""

import math
import statistics
from collections.abc import Sequence


def percentile(samples: Sequence[float], percent: int) -> float | None:
    """
    Take the nearest-rank percentile, as MLPerf does: always a value that was measured.

    Args:
        samples: n values, in any order.
        percent: from 1 to 99. The 50th is the median, whatever n.

    Returns:
        None where fewer than one sample in n lies beyond the percentile: the 99th needs 100
        samples, the 90th needs 10. A tail that was not sampled is not known.

    """
    if not samples:
        return None
    if percent == 50:
        return statistics.median(samples)
    if len(samples) * (100 - percent) < 100:
        return None
    return sorted(samples)[math.ceil(len(samples) * percent / 100) - 1]
