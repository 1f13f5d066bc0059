"""Exact top K: one table a size of queries and gallery."""

from collections.abc import Sequence

from ..records.matching_result import MatchingResult
from .table import Column, Table, milliseconds, number, table_of, yes_no

_COLUMNS: tuple[Column[MatchingResult], ...] = (
    Column("method", lambda row: row.method, is_number=False),
    Column("OPENBLAS_CORETYPE", lambda row: row.blas_coretype, is_number=False),
    Column("K", lambda row: str(row.k)),
    Column("median ms", lambda row: milliseconds(row.median_ms)),
    Column("GFLOP/s", lambda row: number(row.gflops or None, 1)),
    Column("x FAISS flat", lambda row: number(row.ratio_to_faiss_flat, 2)),
    Column("x product", lambda row: number(row.ratio_to_product, 2)),
    Column("x read time", lambda row: number(row.ratio_to_read, 2), is_optional=True),
    Column("MiB above inputs", lambda row: number(row.peak_above_inputs_mib, 0)),
    Column("ids = reference", lambda row: yes_no(row.identical_to_reference), is_number=False),
    Column("runs", lambda row: str(row.samples)),
)


def matching_tables(rows: Sequence[MatchingResult]) -> tuple[Table, ...]:
    """Make a table for each size and kind of vectors, in the rows' order."""
    groups: dict[tuple[int, int, int, str], list[MatchingResult]] = {}
    for row in rows:
        groups.setdefault((row.queries, row.gallery, row.dim, row.data), []).append(row)
    return tuple(
        table_of(
            f"{queries:,} queries x {gallery:,} rows x {dim}-d, {data} vectors", _COLUMNS, found
        )
        for (queries, gallery, dim, data), found in groups.items()
    )
