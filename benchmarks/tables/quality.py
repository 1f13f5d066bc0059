"""B's answers beside A's, and the queries that they answer differently."""

from collections.abc import Sequence

from ..records.accuracy_result import Share
from ..records.comparison_result import KnownPlace, MovedQuery, QualityResult
from .table import ABSENT, Column, Head, Table, number, table_of, yes_no

SHOWN = 20
"""Moved queries in a table; JSON holds them all."""

_HEADS = tuple(
    Head(name, is_number)
    for name, is_number in (
        ("query", False), ("rank by A", True), ("rank by B", True),
        ("A's first", False), ("B's first", False),
    )
)  # fmt: skip


def _share(share: Share | None) -> str:
    if share is None:
        return ABSENT
    return f"{share.percent:.2f} [{share.low:.2f}, {share.high:.2f}]"


def _min_cosine(row: QualityResult) -> str:
    return number(min(row.min_cosine.values(), default=None), 6)


def _moved(row: QualityResult) -> str:
    return ABSENT if row.moved is None else f"{len(row.moved):,} of {row.queries:,}"


_COLUMNS: tuple[Column[QualityResult], ...] = (
    Column("what", lambda row: row.what, is_number=False),
    Column("A R@1 %", lambda row: _share(row.recall_a.get("1")), is_optional=True),
    Column("B R@1 %", lambda row: _share(row.recall_b.get("1")), is_optional=True),
    Column("B's gain", lambda row: _share(row.gained_at_1), is_optional=True),
    Column("A R@10 %", lambda row: _share(row.recall_a.get("10")), is_optional=True),
    Column("B R@10 %", lambda row: _share(row.recall_b.get("10")), is_optional=True),
    Column("moved queries", _moved, is_optional=True),
    Column("min cosine", _min_cosine, is_optional=True),
    Column("one embedding space", lambda row: yes_no(row.same_space), is_optional=True),
)


def quality_tables(rows: Sequence[QualityResult]) -> tuple[Table, ...]:
    """Make a table for each pair, and one of the queries that moved between its two sides."""
    groups: dict[tuple[str, str], list[QualityResult]] = {}
    for row in rows:
        groups.setdefault((row.a, row.b), []).append(row)
    tables = []
    for (a, b), found in groups.items():
        tables.append(table_of(f"quality; A: {a}; B: {b}; [95 % intervals]", _COLUMNS, found))
        tables += [_moved_table(row.what, row.moved) for row in found if row.moved]
    return tuple(tables)


def _moved_table(what: str, moved: Sequence[MovedQuery]) -> Table:
    part = f"the first {SHOWN} of {len(moved):,}" if len(moved) > SHOWN else f"{len(moved):,}"
    lines = tuple(
        (one.query.id, str(one.rank_a), str(one.rank_b), _place(one.top_a), _place(one.top_b))
        for one in moved[:SHOWN]
    )
    return Table(f"moved queries of {what}: {part}", _HEADS, lines)


def _place(place: KnownPlace) -> str:
    if place.latitude is None or place.longitude is None:
        return place.id
    return f"{place.id} ({place.latitude:.6f}, {place.longitude:.6f})"
