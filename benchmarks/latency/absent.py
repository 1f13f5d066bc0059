"""What a run was too short to tell, in words."""

from collections.abc import Sequence

from ..records.latency_result import LatencyResult

_NEEDED = {"p90_ms": 10, "p95_ms": 20, "p99_ms": 100}
"""Runs, so that one in them lies beyond the percentile."""


def absent_figures(rows: Sequence[LatencyResult]) -> tuple[str, ...]:
    """
    Name the percentiles that rows lack, and what a single round or run cannot tell.

    Args:
        rows: of one run and one batch size.

    """
    batch = f"batch {rows[0].batch}"
    lines = []
    for field, needed in _NEEDED.items():
        lacking = {
            f"{row.backend} {row.precision}": row.samples
            for row in rows
            if getattr(row, field) is None
        }
        if lacking:
            whose = ", ".join(f"{name} ({runs})" for name, runs in lacking.items())
            percentile = field.removesuffix("_ms")
            lines.append(f"{batch}: no {percentile}, which needs {needed} runs: {whose}")
    if any(row.rounds == 1 for row in rows):
        lines.append(f"{batch}: a single round: nothing is known of how ratios vary")
    return tuple(lines)
