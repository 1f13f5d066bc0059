"""Percentiles that were really seen."""

import math
import statistics
from collections.abc import Sequence
from typing import Any


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


def figures(samples_s: Sequence[float]) -> dict[str, Any]:
    """
    Fill the fields of a row that times alone decide.

    Args:
        samples_s: n seconds, n ≥ 1, in the order in which they were measured.

    Returns:
        `samples`, `samples_ms`, `p50_ms`, `p90_ms`, `p95_ms`, `p99_ms` (None as `percentile`
        says) and `max_ms`, as `LatencyResult` and `StageResult` name them.

    """
    samples_ms = tuple(1e3 * second for second in samples_s)
    tails = {f"p{percent}_ms": percentile(samples_ms, percent) for percent in (50, 90, 95, 99)}
    return {
        "samples": len(samples_ms),
        "samples_ms": samples_ms,
        **tails,
        "max_ms": max(samples_ms),
    }
