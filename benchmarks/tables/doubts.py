"""Why some figures deserve less trust."""

from collections.abc import Callable, Sequence

from ..measuring.contention import BUSY_CORES
from ..records.comparison_result import ComparisonResult
from ..records.result import Result, TimedResult
from .naming import name_of

_NAMED = 4


def doubts_of(rows: Sequence[Result]) -> tuple[str, ...]:
    """Say a sentence for each reason, with the rows that it is about."""
    timed = [row for row in rows if isinstance(row, TimedResult)]
    found = [
        f"{words} ({_rows(doubted, len(timed))})."
        for words, is_so in _REASONS
        if (doubted := [row for row in timed if is_so(row)])
    ]
    found += dict.fromkeys(
        f"{row.b} differs from {row.a} in {', '.join(row.differences)}."
        for row in rows
        if isinstance(row, ComparisonResult) and row.differences
    )
    machines = {row.machine for row in timed}
    if len(machines) > 1:
        found.append(f"Rows of {len(machines)} machines are together here: their times do not mix.")
    return tuple(found)


def _is_busy(row: TimedResult) -> bool:
    return row.others_cores is not None and row.others_cores > BUSY_CORES


def _is_throttled(row: TimedResult) -> bool:
    return row.conditions is not None and bool(row.conditions.throttling)


_REASONS: tuple[tuple[str, Callable[[TimedResult], bool]], ...] = (
    ("Times did not settle during warm-up", lambda row: not row.stationary),
    (
        "Others were at work: figures are slow, and ratios unfair to methods whose threads wait "
        "by spinning",
        _is_busy,
    ),
    ("Clocks were held down", _is_throttled),
    ("A single run has no spread", lambda row: row.samples == 1),
)


def _rows(doubted: Sequence[TimedResult], of: int) -> str:
    if len(doubted) == of and of > _NAMED:
        return f"all {of} timed rows"
    names = list(dict.fromkeys(name_of(row) for row in doubted))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
