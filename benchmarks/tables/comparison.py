"""B against A: their times, their quality, and the queries that they answer differently."""

from collections.abc import Sequence

from ..records.comparison_result import ComparisonResult
from .table import ABSENT, Column, Table, milliseconds, table_of


def _interval(row: ComparisonResult) -> str:
    if row.low is None or row.high is None:
        return ABSENT
    return f"{row.low:.3f} to {row.high:.3f}"


_COLUMNS: tuple[Column[ComparisonResult], ...] = (
    Column("what", lambda row: row.what, is_number=False),
    Column("divided by", lambda row: row.yardstick or ABSENT, is_number=False, is_optional=True),
    Column("A ms", lambda row: milliseconds(row.a_ms)),
    Column("B ms", lambda row: milliseconds(row.b_ms)),
    Column("B / A", lambda row: f"{row.ratio:.3f}"),
    Column("95 % interval", _interval),
    Column("blocks", lambda row: str(row.blocks)),
    Column("B is", lambda row: row.verdict, is_number=False),
    Column("because", lambda row: row.doubt or ABSENT, is_number=False, is_optional=True),
)


def comparison_tables(rows: Sequence[ComparisonResult]) -> tuple[Table, ...]:
    """Make a table for each pair, in the rows' order."""
    groups: dict[tuple[str, str, bool], list[ComparisonResult]] = {}
    for row in rows:
        groups.setdefault((row.a, row.b, row.interleaved), []).append(row)
    return tuple(
        table_of(
            f"A: {a}; B: {b}; {'in turns, in one run' if interleaved else 'in two runs'}",
            _COLUMNS,
            found,
        )
        for (a, b, interleaved), found in groups.items()
    )
