"""From two rows of times to one of their comparison."""

import statistics
from typing import Any

from ..records.comparison_result import ComparisonResult
from ..records.result import TimedResult
from .circumstances import differences
from .interval import Interval, ratio_interval
from .names import Names
from .verdict import doubt, verdict
from .yardstick import Yardstick, blocks_ms, by_yardstick


def judged(interval: Interval, margin: float) -> dict[str, Any]:
    """Fill the fields of a `ComparisonResult` that an interval decides."""
    return {
        "blocks": interval.blocks,
        "ratio": interval.ratio,
        "low": interval.low,
        "high": interval.high,
        "margin": margin,
        "verdict": verdict(interval, margin=margin),
        "doubt": doubt(interval, margin=margin),
    }


def compared_times(
    names: Names,
    what: str,
    rows: tuple[TimedResult, TimedResult],
    yardstick: Yardstick | None,
    margin: float,
) -> ComparisonResult:
    """
    Compare two rows of different runs.

    Args:
        names: of A and B.
        what: the quantity.
        rows: A's and B's.
        yardstick: what both are divided by; None compares bare times.
        margin: the least difference that counts, as a share.

    Raises:
        MeasurementFailed: a time is zero.

    """
    a, b = rows
    if yardstick is None:
        blocks = blocks_ms(a), blocks_ms(b)
    else:
        blocks = by_yardstick(a, yardstick.a), by_yardstick(b, yardstick.b)
    return ComparisonResult(
        versions=b.versions,
        machine=b.machine,
        configuration=b.configuration,
        artifacts={
            f"{side} {role}": sha
            for side, row in zip("AB", rows, strict=True)
            for role, sha in row.artifacts.items()
        },
        a=names.a,
        b=names.b,
        what=what,
        interleaved=False,
        yardstick=None if yardstick is None else yardstick.name,
        a_ms=statistics.median(a.samples_ms),
        b_ms=statistics.median(b.samples_ms),
        differences=differences(a, b),
        **judged(ratio_interval(*blocks, paired=False), margin),
    )
