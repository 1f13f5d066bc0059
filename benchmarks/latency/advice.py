"""Which backend to take, from rows that were measured beside each other."""

from collections.abc import Sequence

from ..measuring.contention import BUSY_CORES
from ..records.latency_result import LatencyResult
from .fp32_reference import reference_of
from .rows import Method

CLOSE = 0.999
"""Cosine to FP32 below which nothing is advised, however fast; clnet-verify's limit, too."""


def advice(rows: Sequence[LatencyResult]) -> tuple[str, ...]:
    """
    Name the fastest backend for the pair of views, and the fastest in fp32 where it is another.

    Args:
        rows: of one run and one batch size, `pair` among them.

    Returns:
        A line for each goal, and one for each method whose embeddings leave fp32's. Where others
        were at work, or the medians disagree with the ratios, a line says so first.

    """
    pairs = [row for row in rows if row.view == "pair"]
    close = [row for row in pairs if _cosine(row) >= CLOSE]
    full = [row for row in close if row.precision == "fp32"]
    reference = reference_of(Method(row.backend, row.precision) for row in pairs)
    goals = {"": _fastest(close)}
    if _fastest(full) != _fastest(close):
        goals[", fp32"] = _fastest(full)
    lines = [*_distrust(pairs), *_disagreement(close, reference)]
    lines += [
        f"advice, batch {row.batch}{goal}: {_options(row)}{_figures(row, reference)}"
        for goal, best in goals.items()
        for row in best
    ]
    lines += [
        f"not advised: {row.backend} {row.precision}, whose embeddings leave fp32's by a cosine "
        f"of {_cosine(row):.5f}"
        for row in pairs
        if row not in close
    ]
    return tuple(lines)


def _distrust(rows: Sequence[LatencyResult]) -> list[str]:
    others = max((row.others_cores or 0.0 for row in rows), default=0.0)
    if others <= BUSY_CORES:
        return []
    return [
        f"do not trust the advice: others used up to {others:.2f} cores while it was measured; "
        "measure again on a quiet machine"
    ]


def _disagreement(rows: Sequence[LatencyResult], reference: Method | None) -> list[str]:
    """Say where the ratios, taken round by round, order methods otherwise than p50 of all runs."""
    if reference is None or not rows:
        return []
    by_ratio, by_median = max(rows, key=_speed), min(rows, key=lambda row: row.p50_ms)
    if by_ratio == by_median:
        return []
    return [
        f"batch {rows[0].batch}: p50 of all runs is least for {by_median.backend} "
        f"{by_median.precision}, but advice goes by the ratio within each round, which a "
        "disturbance of some rounds hardly moves: what is advised may be no faster"
    ]


def _fastest(rows: Sequence[LatencyResult]) -> list[LatencyResult]:
    return sorted(rows, key=_speed)[-1:]


def _speed(row: LatencyResult) -> float:
    return row.ratio_to_fp32_reference or row.images_per_s


def _cosine(row: LatencyResult) -> float:
    cosine = row.min_cosine_to_fp32_reference
    return 1.0 if cosine is None else cosine


def _options(row: LatencyResult) -> str:
    return f"--backend {row.backend} --precision {row.precision}"


def _figures(row: LatencyResult, reference: Method | None) -> str:
    if reference is None:
        return ""
    return f" ({_speed(row):.2f}x {reference.name}, min cosine {_cosine(row):.5f})"
