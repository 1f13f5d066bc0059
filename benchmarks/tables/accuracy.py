"""Recall of a bundle beside its checkpoint: one table a data set."""

from collections.abc import Sequence

from ..records.accuracy_result import AccuracyResult, Share
from .table import ABSENT, Column, Table, number, table_of


def _share(share: Share | None) -> str:
    if share is None:
        return ABSENT
    return f"{share.percent:.2f} [{share.low:.2f}, {share.high:.2f}]"


_COLUMNS: tuple[Column[AccuracyResult], ...] = (
    Column("backend", lambda row: row.backend, is_number=False),
    Column("precision", lambda row: row.precision, is_number=False),
    Column("R@1 %", lambda row: _share(row.recall_at.get("1"))),
    Column("R@5 %", lambda row: _share(row.recall_at.get("5")), is_optional=True),
    Column("R@10 %", lambda row: _share(row.recall_at.get("10")), is_optional=True),
    Column("R@1% %", lambda row: _share(row.recall_at.get("1%")), is_optional=True),
    Column("R@1 lost", lambda row: _share(row.lost_at_1), is_optional=True),
    Column(
        "moved queries",
        lambda row: ABSENT if row.moved_queries is None else str(len(row.moved_queries)),
        is_optional=True,
    ),
    Column("min cosine", lambda row: number(row.min_cosine, 6), is_optional=True),
)


def accuracy_tables(rows: Sequence[AccuracyResult]) -> tuple[Table, ...]:
    """Make a table for each network, data set and protocol, in the rows' order."""
    groups: dict[tuple[str, str, str, int, int], list[AccuracyResult]] = {}
    for row in rows:
        key = (row.network, row.data, row.protocol, row.queries, row.gallery)
        groups.setdefault(key, []).append(row)
    return tuple(
        table_of(
            f"{network} on {data}: {queries:,} queries, {gallery:,} places; {protocol}; "
            "[95 % intervals]",
            _COLUMNS,
            found,
        )
        for (network, data, protocol, queries, gallery), found in groups.items()
    )
