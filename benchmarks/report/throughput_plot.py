"""Images a second, batch by batch."""

from collections.abc import Sequence

from ..records.latency_result import LatencyResult
from ..tables.naming import SPAN_WORDS, method_of
from ..tables.table import number
from .content import Picture
from .palette import colour_of
from .rows_plot import Panel, bar, rows_plot


def throughput_pictures(rows: Sequence[LatencyResult]) -> tuple[Picture, ...]:
    """Make a picture for each network, span and view, with a panel a batch."""
    groups: dict[tuple[str, str, str], list[LatencyResult]] = {}
    for row in rows:
        groups.setdefault((row.network, row.span, row.view), []).append(row)
    return tuple(_picture(found) for found in groups.values())


def _picture(rows: Sequence[LatencyResult]) -> Picture:
    first = rows[0]
    panels = [
        Panel(
            f"batch {batch}",
            tuple(
                bar(
                    method_of(row),
                    number(row.images_per_s, 1),
                    row.images_per_s,
                    colour_of(row.backend),
                )
                for row in sorted(rows, key=lambda row: -row.images_per_s)
                if row.batch == batch
            ),
        )
        for batch in sorted({row.batch for row in rows})
    ]
    said = [f"{method_of(row)} batch {row.batch} {row.images_per_s:,.1f}" for row in rows]
    both = ", both images counted" if first.view == "pair" else ""
    return Picture(
        title=f"{first.network}, {first.view}{both}, {SPAN_WORDS[first.span]}",
        alt=f"Images a second: {'; '.join(said)}.",
        svg=rows_plot(panels, "images a second"),
    )
