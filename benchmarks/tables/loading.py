"""Loading beside the trainer's step: one table a data set and batch size."""

from collections.abc import Sequence

from ..records.loading_result import LoadingResult
from .table import Column, Table, number, table_of

_COLUMNS: tuple[Column[LoadingResult], ...] = (
    Column("method", lambda row: row.method, is_number=False),
    Column("threads", lambda row: str(row.threads)),
    Column("pairs/s", lambda row: number(row.pairs_per_s, 0)),
    Column("x trainer", lambda row: number(row.ratio_to_trainer, 2)),
    Column("peak MiB", lambda row: number(row.peak_mib, 0)),
    Column("runs", lambda row: str(row.samples)),
)


def loading_tables(rows: Sequence[LoadingResult]) -> tuple[Table, ...]:
    """Make a table for each data set, size of images and of batch, in the rows' order."""
    groups: dict[str, list[LoadingResult]] = {}
    for row in rows:
        network = row.configuration["network"]
        sizes = " + ".join(
            f"{network[view]['height']} x {network[view]['width']}"
            for view in ("ground", "satellite")
        )
        groups.setdefault(f"{row.data} ({row.layout}), {sizes}, batch {row.batch}", []).append(row)
    return tuple(table_of(f"loading {title}", _COLUMNS, found) for title, found in groups.items())
