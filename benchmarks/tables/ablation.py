"""The ablation: variants over seeds, what each step adds, and transfer."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from ..records.ablation_result import AblationResult, GainResult, TransferResult, Variant
from .table import ABSENT, Column, Head, Table, number, table_of

NAMES: dict[Variant, str] = {
    "baseline": "baseline",
    "maps": "+ maps and GFR",
    "nec": "+ NEC",
    "image": "maps from the image",
}


@dataclass(frozen=True, slots=True)
class _Figure:
    head: str
    cell: Callable[[Sequence[AblationResult]], str]


def ablation_tables(rows: Sequence[AblationResult]) -> tuple[Table, ...]:
    """
    Make a table for each data set, network and count of steps, a line a variant.

    Its figures are means over seeds with their spread: of runs that differ in nothing else.
    """
    groups: dict[tuple[str, str, int, str], list[AblationResult]] = {}
    for row in rows:
        network = {name: one for name, one in row.configuration.items() if name != "maps"}
        same = row.data, row.layout, row.steps, json.dumps(network, sort_keys=True)
        groups.setdefault(same, []).append(row)
    return tuple(map(_variants, groups.values()))


def gain_tables(rows: Sequence[GainResult]) -> tuple[Table, ...]:
    """Make one table of all gains."""
    return (table_of("gains in R@1, paired by seed", _GAINS, rows),) if rows else ()


def transfer_tables(rows: Sequence[TransferResult]) -> tuple[Table, ...]:
    """Make one table of all networks on data that they were not trained on."""
    return (table_of("on another data set than the own", _TRANSFERS, rows),) if rows else ()


def _variants(rows: Sequence[AblationResult]) -> Table:
    variants = [name for name in NAMES if any(row.variant == name for row in rows)]
    lines = []
    for variant in variants:
        found = [row for row in rows if row.variant == variant]
        lines.append((NAMES[variant], *(figure.cell(found) for figure in _FIGURES)))
    first = rows[0]
    seeds = ", ".join(map(str, dict.fromkeys(row.seed for row in rows)))
    return Table(
        f"{first.data} ({first.layout}): {first.steps:,} steps, seeds {seeds}, "
        f"{first.queries:,} held-out places; mean ± standard deviation",
        (Head("variant", False), *(Head(figure.head, True) for figure in _FIGURES)),
        tuple(lines),
    )


def _over_seeds(
    read: Callable[[AblationResult], float],
) -> Callable[[Sequence[AblationResult]], str]:
    def cell(rows: Sequence[AblationResult]) -> str:
        values = [read(row) for row in rows]
        spread = f" ± {stdev(values):.1f}" if len(values) > 1 else ""
        return f"{fmean(values):.1f}{spread}"

    return cell


def _range(rows: Sequence[AblationResult]) -> str:
    values = [row.recall_at_1 for row in rows]
    return f"{min(values):.1f} to {max(values):.1f}"


def _mean(
    read: Callable[[AblationResult], float | None], digits: int
) -> Callable[[Sequence[AblationResult]], str]:
    def cell(rows: Sequence[AblationResult]) -> str:
        values = [value for row in rows if (value := read(row)) is not None]
        return number(fmean(values), digits) if values else ABSENT

    return cell


_FIGURES = (
    _Figure("R@1", _over_seeds(lambda row: row.recall_at_1)),
    _Figure("R@1, range", _range),
    _Figure("R@5", _over_seeds(lambda row: row.recall_at_5)),
    _Figure("R@10", _over_seeds(lambda row: row.recall_at_10)),
    _Figure("floor R@1", _mean(lambda row: row.floor_at_1, 1)),
    _Figure("final loss", _mean(lambda row: row.final_loss, 3)),
    _Figure("pair MMACs", _mean(lambda row: row.pair_macs / 1e6, 2)),
    _Figure("weights", _mean(lambda row: row.params, 0)),
    _Figure("s a run", _mean(lambda row: row.seconds, 0)),
)

_GAINS: tuple[Column[GainResult], ...] = (
    Column("step", lambda row: NAMES[row.variant], is_number=False),
    Column("over", lambda row: NAMES[row.over], is_number=False),
    Column("points of R@1", lambda row: f"{row.gain_at_1:+.1f}"),
    Column("95 % interval", lambda row: _interval(row)),
    Column("range", lambda row: f"{row.least:+.1f} to {row.most:+.1f}"),
    Column("seeds", lambda row: str(len(row.seeds))),
)

_TRANSFERS: tuple[Column[TransferResult], ...] = (
    Column("variant", lambda row: NAMES[row.variant], is_number=False),
    Column("seed", lambda row: str(row.seed)),
    Column("trained on", lambda row: row.own_data, is_number=False),
    Column("R@1 there", lambda row: number(row.own_recall_at_1, 1)),
    Column("places", lambda row: f"{row.own_gallery:,}"),
    Column("evaluated on", lambda row: f"{row.data} ({row.layout})", is_number=False),
    Column("R@1", lambda row: number(row.recall_at_1, 1)),
    Column("R@5", lambda row: number(row.recall_at_5, 1)),
    Column("R@10", lambda row: number(row.recall_at_10, 1)),
    Column("of places", lambda row: f"{row.gallery:,}"),
)


def _interval(row: GainResult) -> str:
    if row.low is None or row.high is None:
        return ABSENT
    return f"[{row.low:+.1f}, {row.high:+.1f}]"
