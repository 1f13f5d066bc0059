"""MACs and FLOPs: one table a network and benchmark."""

from collections.abc import Sequence

from ..records.flops_result import FlopsResult
from .table import Column, Table, number, table_of

_COLUMNS: tuple[Column[FlopsResult], ...] = (
    Column("view", lambda row: row.view, is_number=False),
    Column("module", lambda row: row.module, is_number=False),
    Column("counter", lambda row: row.counter, is_number=False),
    Column("GMACs", lambda row: number(row.macs / 1e9, 3)),
    Column("GFLOPs", lambda row: number(row.flops / 1e9, 3)),
    Column("params M", lambda row: number(row.params / 1e6, 3)),
    Column(
        "activations MiB",
        lambda row: number(
            None if row.activation_bytes is None else row.activation_bytes / 2**20, 1
        ),
        is_optional=True,
    ),
)


def flops_tables(rows: Sequence[FlopsResult]) -> tuple[Table, ...]:
    """Make a table for each network and benchmark, in the rows' order."""
    groups: dict[tuple[str, str], list[FlopsResult]] = {}
    for row in rows:
        groups.setdefault((row.network, row.benchmark), []).append(row)
    return tuple(
        table_of(f"{network} at {benchmark}'s image sizes, one image a view", _COLUMNS, found)
        for (network, benchmark), found in groups.items()
    )
