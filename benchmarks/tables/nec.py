"""The NEC sweep: one table a data set."""

from collections.abc import Sequence

from ..records.nec_result import NecResult
from .table import Column, Table, number, table_of


def converter_name(row: NecResult) -> str:
    """Name a converter by what it is made of."""
    return "linear" if row.width is None else f"{row.depth} x {row.width} {row.activation}"


_COLUMNS: tuple[Column[NecResult], ...] = (
    Column(
        "NEC",
        lambda row: converter_name(row) + (" (configured)" if row.is_configured else ""),
        is_number=False,
    ),
    Column("seed", lambda row: str(row.seed)),
    Column("R@1", lambda row: number(row.recall_at_1, 1)),
    Column("R@5", lambda row: number(row.recall_at_5, 1)),
    Column("R@10", lambda row: number(row.recall_at_10, 1)),
    Column("floor R@1", lambda row: number(row.floor_at_1, 1)),
    Column("final loss", lambda row: number(row.final_loss, 3)),
    Column("NEC MMACs, training", lambda row: number(row.nec_macs / 1e6, 3)),
    Column("NEC MACs, inference", lambda row: str(row.nec_macs_inference)),
    Column("NEC weights", lambda row: f"{row.nec_params:,}"),
    Column("pair MMACs, inference", lambda row: number(row.pair_macs / 1e6, 2)),
)


def nec_tables(rows: Sequence[NecResult]) -> tuple[Table, ...]:
    """Make a table for each data set, in the rows' order."""
    groups: dict[tuple[str, int], list[NecResult]] = {}
    for row in rows:
        groups.setdefault((row.data, row.steps), []).append(row)
    return tuple(
        table_of(
            f"NEC on {data}: {steps:,} steps, {found[0].queries:,} held-out places", _COLUMNS, found
        )
        for (data, steps), found in groups.items()
    )
