"""Neural maps: what they contribute, how far they moved, and how alike they are across runs."""

from collections.abc import Sequence

from ..records.maps_result import (
    MapBearingResult,
    MapDriftResult,
    MapLikenessResult,
    MapRecallResult,
)
from .table import ABSENT, Column, Table, number, table_of

_SYMBOL = {"ground": "N^g", "satellite": "N^s"}

_RECALLS: tuple[Column[MapRecallResult], ...] = (
    Column("run", lambda row: row.run, is_number=False),
    Column("maps", lambda row: f"{row.maps} from {row.source}" if row.source else row.maps,
           is_number=False),
    Column("R@1", lambda row: _with_spread(row)),
    Column("R@5", lambda row: number(row.recall_at_5, 1)),
    Column("R@10", lambda row: number(row.recall_at_10, 1)),
    Column("floor R@1", lambda row: number(row.floor_at_1, 1), is_optional=True),
    Column("draws", lambda row: str(row.draws)),
)  # fmt: skip

_DRIFTS: tuple[Column[MapDriftResult], ...] = (
    Column("run", lambda row: row.run, is_number=False),
    Column("stage", lambda row: str(row.level)),
    Column("map", lambda row: _SYMBOL[row.view], is_number=False),
    Column("C x H x W", lambda row: f"{row.channels} x {row.height} x {row.width}"),
    Column("cosine to start", lambda row: number(row.cosine, 3)),
    Column("relative change", lambda row: number(row.relative_change, 2)),
    Column("std at start", lambda row: number(row.std_before, 3)),
    Column("std at end", lambda row: number(row.std_after, 3)),
    Column("effective positions at start", lambda row: f"{row.effective_before:.0%}"),
    Column("at end", lambda row: f"{row.effective_after:.0%}"),
)

_BEARINGS: tuple[Column[MapBearingResult], ...] = (
    Column("run", lambda row: row.run, is_number=False),
    Column("stage", lambda row: str(row.level)),
    Column("agreement at start", lambda row: f"{row.agreement_before:+.3f}"),
    Column("at end", lambda row: f"{row.agreement_after:+.3f}"),
    Column("95th percentile by chance", lambda row: f"{row.chance_high:+.3f}"),
    Column("p", lambda row: f"{row.p_value:.3f}"),
)

_LIKENESSES: tuple[Column[MapLikenessResult], ...] = (
    Column("runs", lambda row: f"{row.run_a}, {row.run_b}", is_number=False),
    Column("stage", lambda row: str(row.level)),
    Column("map", lambda row: _SYMBOL[row.view], is_number=False),
    Column("compared", lambda row: row.compared, is_number=False),
    Column("positions", lambda row: str(row.positions)),
    Column("correlation", lambda row: number(row.correlation, 3)),
    Column("by chance", lambda row: number(row.chance_mean, 3)),
    Column("95th percentile", lambda row: number(row.chance_high, 3)),
    Column("p", lambda row: ABSENT if row.p_value is None else f"{row.p_value:.3f}"),
    Column("permutations", lambda row: str(row.permutations)),
)


def map_recall_tables(rows: Sequence[MapRecallResult]) -> tuple[Table, ...]:
    """Make a table for each data set."""
    groups: dict[str, list[MapRecallResult]] = {}
    for row in rows:
        groups.setdefault(row.data, []).append(row)
    return tuple(
        table_of(f"recall on {data} with other maps", _RECALLS, found)
        for data, found in groups.items()
    )


def map_drift_tables(rows: Sequence[MapDriftResult]) -> tuple[Table, ...]:
    """Make one table of all maps."""
    return (table_of("drift from initialisation", _DRIFTS, rows),) if rows else ()


def map_bearing_tables(rows: Sequence[MapBearingResult]) -> tuple[Table, ...]:
    """Make one table of all runs."""
    title = "do a channel's maps look the same way in both views? cosine of directions"
    return (table_of(title, _BEARINGS, rows),) if rows else ()


def map_likeness_tables(rows: Sequence[MapLikenessResult]) -> tuple[Table, ...]:
    """Make one table of all pairs of runs."""
    title = "likeness of normalised maps across runs, beside permuted positions"
    return (table_of(title, _LIKENESSES, rows),) if rows else ()


def _with_spread(row: MapRecallResult) -> str:
    spread = "" if row.spread_at_1 is None else f" ± {row.spread_at_1:.1f}"
    return f"{row.recall_at_1:.1f}{spread}"
