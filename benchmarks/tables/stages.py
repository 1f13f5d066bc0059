"""Start-up, first call and the road from file to position."""

from collections.abc import Sequence

from ..records.stage_result import StageResult
from .table import ABSENT, Column, Table, milliseconds, table_of

_COLUMNS: tuple[Column[StageResult], ...] = (
    Column("stage", lambda row: row.stage, is_number=False),
    Column("view", lambda row: row.view or ABSENT, is_number=False),
    Column("backend", lambda row: row.backend or ABSENT, is_number=False),
    Column("precision", lambda row: row.precision or ABSENT, is_number=False),
    Column("batch", lambda row: str(row.batch)),
    Column(
        "file",
        lambda row: ABSENT if row.file_width is None else f"{row.file_width} x {row.file_height}",
    ),
    Column("places", lambda row: ABSENT if row.gallery is None else f"{row.gallery:,}"),
    Column("K", lambda row: ABSENT if row.k is None else str(row.k)),
    Column("p50 ms", lambda row: milliseconds(row.p50_ms)),
    Column("p90 ms", lambda row: milliseconds(row.p90_ms), is_optional=True),
    Column("p95 ms", lambda row: milliseconds(row.p95_ms), is_optional=True),
    Column("p99 ms", lambda row: milliseconds(row.p99_ms), is_optional=True),
    Column("max ms", lambda row: milliseconds(row.max_ms)),
    Column("runs", lambda row: str(row.samples)),
)


def stage_tables(rows: Sequence[StageResult]) -> tuple[Table, ...]:
    """Make a table for each network."""
    networks = dict.fromkeys(row.network for row in rows)
    return tuple(
        table_of(
            f"{network}: before, after and around the branches",
            _COLUMNS,
            [row for row in rows if row.network == network],
        )
        for network in networks
    )
