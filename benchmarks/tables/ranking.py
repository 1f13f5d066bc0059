"""Ranks of true matches: one table a size."""

from collections.abc import Sequence

from ..records.ranking_result import RankingResult
from .table import Column, Table, number, table_of

_COLUMNS: tuple[Column[RankingResult], ...] = (
    Column("method", lambda row: row.method, is_number=False),
    Column("median s", lambda row: number(row.median_s, 2)),
    Column("GFLOP/s", lambda row: number(row.gflops, 1)),
    Column("x product time", lambda row: number(row.ratio_to_product, 2)),
    Column("MiB above inputs", lambda row: number(row.peak_above_inputs_mib, 0)),
    Column("runs", lambda row: str(row.samples)),
)


def ranking_tables(rows: Sequence[RankingResult]) -> tuple[Table, ...]:
    """Make a table for each size, in the rows' order."""
    groups: dict[tuple[int, int, int], list[RankingResult]] = {}
    for row in rows:
        groups.setdefault((row.queries, row.gallery, row.dim), []).append(row)
    return tuple(
        table_of(f"ranks of {queries:,} queries x {gallery:,} rows x {dim}-d", _COLUMNS, found)
        for (queries, gallery, dim), found in groups.items()
    )
