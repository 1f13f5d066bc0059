"""Latency: one table a network, span and batch."""

from collections.abc import Sequence

from ..records.latency_result import LatencyResult, Span
from .naming import SPAN_WORDS
from .table import ABSENT, Column, Table, milliseconds, number, table_of

_COLUMNS: tuple[Column[LatencyResult], ...] = (
    Column("view", lambda row: row.view, is_number=False),
    Column("backend", lambda row: row.backend, is_number=False),
    Column("precision", lambda row: row.precision, is_number=False),
    Column(
        "transfers",
        lambda row: ABSENT if row.transfers == "none" else row.transfers,
        is_number=False,
        is_optional=True,
    ),
    Column(
        "clock",
        lambda row: ABSENT if row.clock == "host" else "CUDA events",
        is_number=False,
        is_optional=True,
    ),
    Column("p50 ms", lambda row: milliseconds(row.p50_ms)),
    Column("p90 ms", lambda row: milliseconds(row.p90_ms), is_optional=True),
    Column("p95 ms", lambda row: milliseconds(row.p95_ms), is_optional=True),
    Column("p99 ms", lambda row: milliseconds(row.p99_ms), is_optional=True),
    Column("max ms", lambda row: milliseconds(row.max_ms)),
    Column("images/s", lambda row: number(row.images_per_s, 1)),
    Column("x eager fp32", lambda row: number(row.ratio_to_torch_eager_fp32, 2), is_optional=True),
    Column("x eager bf16", lambda row: number(row.ratio_to_torch_eager_bf16, 2), is_optional=True),
    Column("x fp32", lambda row: number(row.ratio_to_fp32_reference, 2), is_optional=True),
    Column(
        "min cosine", lambda row: number(row.min_cosine_to_torch_eager_fp32, 6), is_optional=True
    ),
    Column(
        "min cosine to fp32",
        lambda row: number(row.min_cosine_to_fp32_reference, 6),
        is_optional=True,
    ),
    Column("mJ/embedding", lambda row: number(row.energy_mj, 1), is_optional=True),
    Column("peak MiB", lambda row: number(row.peak_host_mib, 0), is_optional=True),
    Column("device MiB", lambda row: number(row.peak_device_mib, 0), is_optional=True),
    Column("runs", lambda row: str(row.samples)),
)


def latency_tables(rows: Sequence[LatencyResult]) -> tuple[Table, ...]:
    """Make a table for each network, span and batch, in the rows' order."""
    groups: dict[tuple[str, Span, int], list[LatencyResult]] = {}
    for row in rows:
        groups.setdefault((row.network, row.span, row.batch), []).append(row)
    return tuple(table_of(_title(found[0]), _COLUMNS, found) for found in groups.values())


def _title(row: LatencyResult) -> str:
    return (
        f"{row.network}, {SPAN_WORDS[row.span]}, batch {row.batch}, {row.scenario} "
        "(not an MLPerf result)"
    )
