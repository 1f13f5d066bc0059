"""The figures that a reader came for."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from ..records.accuracy_result import AccuracyResult
from ..records.comparison_result import ComparisonResult
from ..records.flops_result import FlopsResult
from ..records.latency_result import LatencyResult
from ..records.result import Result
from ..records.stage_result import StageResult
from ..tables.naming import SPAN_WORDS, method_of
from ..tables.table import milliseconds, number
from .content import Card
from .flops_count import Count, counts_of, saved

Row = TypeVar("Row", bound=Result)


def cards_of(rows: Sequence[Result]) -> tuple[Card, ...]:
    """
    Make the summary of one machine's rows; what has no row has no card.

    The fastest method of a batch is the one with the smallest median for a pair of images, or
    for the first view there is. PyTorch takes part where it was measured.
    """
    return (
        *_fastest(_of(rows, LatencyResult)),
        *_road(_of(rows, StageResult)),
        *_flops(_of(rows, FlopsResult)),
        *_lost(_of(rows, AccuracyResult)),
        *_verdicts(_of(rows, ComparisonResult)),
    )


def _of(rows: Sequence[Result], kind: type[Row]) -> list[Row]:
    return [row for row in rows if isinstance(row, kind)]


def _fastest(rows: Sequence[LatencyResult]) -> list[Card]:
    groups: dict[tuple[str, int], list[LatencyResult]] = {}
    for row in rows:
        groups.setdefault((row.network, row.batch), []).append(row)
    return [
        _latency_card(min(_compared(found), key=lambda row: row.p50_ms))
        for found in groups.values()
    ]


def _compared(rows: Sequence[LatencyResult]) -> list[LatencyResult]:
    """
    Keep what compares: one span, PyTorch's where it was measured, with transfers, and one view,
    the pair where there is one.
    """
    with_torch = [row for row in rows if row.ratio_to_torch_eager_fp32 is not None]
    span = (with_torch or rows)[0].span
    of_span = [row for row in rows if row.span == span]
    of_span = [row for row in of_span if row.transfers != "excluded"] or of_span
    view = "pair" if any(row.view == "pair" for row in of_span) else of_span[0].view
    return [row for row in of_span if row.view == view]


def _latency_card(row: LatencyResult) -> Card:
    ratio = row.ratio_to_torch_eager_fp32
    said = [
        f"p99 {milliseconds(row.p99_ms)} ms" if row.p99_ms is not None else "p99: too few runs",
        f"{number(row.images_per_s, 1)} images/s",
        f"{ratio:.2f} x torch eager fp32" if ratio is not None else "torch: not measured",
    ]
    return Card(
        label=f"Fastest {row.view}, batch {row.batch}: {method_of(row)}",
        value=f"{milliseconds(row.p50_ms)} ms",
        note=f"{row.network}, p50 {SPAN_WORDS[row.span]}; {', '.join(said)}",
    )


def _road(rows: Sequence[StageResult]) -> list[Card]:
    roads = [row for row in rows if row.stage == "road"]
    if not roads:
        return []
    best = min(roads, key=lambda row: row.p50_ms)
    places = "" if best.gallery is None else f", {best.gallery:,} places"
    tail = "" if best.p99_ms is None else f"; p99 {milliseconds(best.p99_ms)} ms"
    return [
        Card(
            label=f"From file to position: {method_of(best)}",
            value=f"{milliseconds(best.p50_ms)} ms",
            note=f"{best.network}, p50 of one photograph{places}{tail}",
        )
    ]


def _flops(rows: Sequence[FlopsResult]) -> list[Card]:
    pairs = saved(counts_of(rows))
    if not pairs:
        return []
    (benchmark, (count, baseline)), *others = pairs.items()
    said = [f"; {name} {_less(*pair)}" for name, pair in others]
    return [
        Card(
            label=f"FLOPs, {count.network} beside {baseline.network}",
            value=_less(count, baseline),
            note=f"{benchmark}: {count.gflops:,.2f} against {baseline.gflops:,.2f} GFLOPs "
            f"({count.macs / 1e9:,.2f} against {baseline.macs / 1e9:,.2f} GMACs) for a pair, "
            f"counter {count.counter}{''.join(said)}",
        )
    ]


def _less(count: Count, baseline: Count) -> str:
    return f"{100 * (count.macs / baseline.macs - 1):+.1f} %"


def _lost(rows: Sequence[AccuracyResult]) -> list[Card]:
    compared = [(row.lost_at_1, row) for row in rows if row.lost_at_1 is not None]
    if not compared:
        return []
    share, row = max(compared, key=lambda pair: pair[0].percent)
    recall = row.recall_at.get("1")
    own = "" if recall is None else f"; its R@1 is {recall.percent:.2f} %"
    return [
        Card(
            label=f"Most recall lost: {method_of(row)}",
            value=f"{share.percent:.2f} points",
            note=f"R@1 on {row.data} against the checkpoint, 95 % interval {share.low:.2f} to "
            f"{share.high:.2f}, {row.queries:,} queries{own}",
        )
    ]


def _verdicts(rows: Sequence[ComparisonResult]) -> list[Card]:
    cards = []
    for a, b in dict.fromkeys((row.a, row.b) for row in rows):
        counts = Counter(row.verdict for row in rows if (row.a, row.b) == (a, b))
        cards.append(
            Card(
                label=f"{b} against {a}",
                value=f"{counts['slower']} slower, {counts['faster']} faster",
                note=f"of {counts.total()} quantities; {counts['cannot tell']} cannot be told",
            )
        )
    return cards
