"""How times are spread: every run of every method, not one figure of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..records.latency_result import LatencyResult
from ..tables.naming import SPAN_WORDS, method_of
from ..tables.table import milliseconds
from .content import Picture
from .palette import INK, colour_of
from .rows_plot import Panel, Row, from_zero, rows_plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RUNS_DRAWN = 100
"""Of a row with more, so many, evenly by rank: the picture is the same."""

_TICK_IN = 0.085
_TOO_WIDE = 12.0
"""The slowest run by the fastest, above which a logarithmic axis shows both."""


def latency_pictures(rows: Sequence[LatencyResult]) -> tuple[Picture, ...]:
    """Make a picture for each network, batch, span and view, in the rows' order."""
    groups: dict[tuple[str, int, str, str], list[LatencyResult]] = {}
    for row in rows:
        groups.setdefault((row.network, row.batch, row.span, row.view), []).append(row)
    return tuple(_picture(found) for found in groups.values())


def _picture(rows: Sequence[LatencyResult]) -> Picture:
    first = rows[0]
    strips = tuple(_strip(row) for row in sorted(rows, key=lambda row: row.p50_ms))
    runs = [ms for row in rows for ms in row.samples_ms]
    is_wide = max(runs) > _TOO_WIDE * min(runs) > 0
    finish = _logarithmic if is_wide else from_zero
    scale = ", logarithmic" if is_wide else ""
    return Picture(
        title=f"{first.network}, {first.view}, batch {first.batch}, {SPAN_WORDS[first.span]}",
        alt=_alt(rows),
        svg=rows_plot([Panel("", strips)], f"ms{scale}", finish=finish),
    )


def _alt(rows: Sequence[LatencyResult]) -> str:
    said = [f"{method_of(row)} {milliseconds(row.p50_ms)} ms" for row in rows]
    return f"Median times: {'; '.join(said)}."


def _strip(row: LatencyResult) -> Row:
    colour = colour_of(row.backend)
    runs = np.sort(row.samples_ms)
    if len(runs) > _RUNS_DRAWN:
        runs = runs[np.linspace(0, len(runs) - 1, _RUNS_DRAWN).round().astype(int)]

    def draw(axes: "Axes", y: float) -> None:
        # One line with gaps is one path; a line a run would be a hundred.
        x = np.repeat(runs, 3)
        ticks = np.tile([y - _TICK_IN, y + _TICK_IN, np.nan], len(runs))
        axes.plot(x, ticks, color=colour.light, linewidth=1, alpha=0.45)
        marks = ((row.p50_ms, "o", INK.light), (row.p90_ms, "o", "none"), (row.p99_ms, "D", "none"))
        for value, marker, fill in marks:
            if value is not None:
                axes.plot(
                    value, y, marker, markersize=5.5, markerfacecolor=fill,
                    markeredgecolor=INK.light, markeredgewidth=1.3,
                )  # fmt: skip

    tail = "" if row.p99_ms is None else f", p99 {milliseconds(row.p99_ms)}"
    return Row(method_of(row), f"p50 {milliseconds(row.p50_ms)}{tail}", draw)


def _logarithmic(axes: "Axes") -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_xscale("log")
    low, high = axes.get_xlim()
    subs = (1.0, 2.0, 5.0) if high < 30 * low else (1.0, 3.0) if high < 300 * low else (1.0,)
    axes.xaxis.set_major_locator(LogLocator(subs=subs))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(which="minor", length=0)
