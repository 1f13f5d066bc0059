"""What the road from a file to a position is made of, and what starting costs."""

from collections.abc import Sequence

from ..records.stage_result import Stage, StageResult
from ..tables.naming import method_of
from ..tables.table import milliseconds
from .content import Picture
from .palette import colour_of
from .rows_plot import Panel, bar, rows_plot
from .stack import legend, stack

_PARTS: tuple[Stage, ...] = ("decode", "preprocess", "embed", "match")
_STARTS: dict[Stage, str] = {"start_up": "start-up, both branches", "first_call": "first call"}


def stage_pictures(rows: Sequence[StageResult]) -> tuple[Picture, ...]:
    """Make a picture of the roads and one of the starts, for each network."""
    pictures = []
    for network in dict.fromkeys(row.network for row in rows):
        found = [row for row in rows if row.network == network]
        pictures += [_roads(found), _starts(found)]
    return tuple(one for one in pictures if one is not None)


def _roads(rows: Sequence[StageResult]) -> Picture | None:
    roads = sorted((row for row in rows if row.stage == "road"), key=lambda row: row.p50_ms)
    if not roads:
        return None
    lines = tuple(
        stack(
            method_of(road),
            f"{milliseconds(road.p50_ms)} ms",
            _parts(road, rows),
            _PARTS,
            road.p50_ms,
        )
        for road in roads
    )
    said = [f"{method_of(row)} {milliseconds(row.p50_ms)} ms" for row in roads]
    return Picture(
        title=f"{roads[0].network}: from file to position; medians of the steps, and a "
        "tick at the median of the whole",
        alt=f"The whole road: {'; '.join(said)}.",
        svg=rows_plot([Panel("", lines)], "ms"),
        legend=legend(_PARTS),
    )


def _parts(road: StageResult, rows: Sequence[StageResult]) -> dict[str, float]:
    method = (road.view, road.backend, road.precision)
    return {
        row.stage: row.p50_ms
        for row in rows
        if row.stage in _PARTS
        and (row.view, row.backend, row.precision) == method
        and row.gallery in (None, road.gallery)
    }


def _starts(rows: Sequence[StageResult]) -> Picture | None:
    panels = [
        Panel(
            words,
            tuple(
                bar(
                    " ".join([method_of(row), row.view or ""]),
                    f"{milliseconds(row.p50_ms)} ms",
                    row.p50_ms,
                    colour_of(row.backend or ""),
                )
                for row in sorted(rows, key=lambda row: row.p50_ms)
                if row.stage == stage
            ),
        )
        for stage, words in _STARTS.items()
    ]
    panels = [panel for panel in panels if panel.rows]
    if not panels:
        return None
    said = [f"{panel.head} {row.name} {row.figure}" for panel in panels for row in panel.rows]
    return Picture(
        title=f"{rows[0].network}: before the first answer, medians",
        alt=f"{'; '.join(said)}.",
        svg=rows_plot(panels, "ms"),
    )
