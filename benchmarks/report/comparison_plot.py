"""B by A with intervals: what lies wholly on one side of 1 is faster or slower."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..records.comparison_result import ComparisonResult
from ..records.result import Result
from .content import Picture
from .interval import interval
from .palette import BLUE, GREY, INK, ORANGE
from .rows_plot import Panel, Row, rows_plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = MappingProxyType({"slower": ORANGE, "faster": BLUE, "cannot tell": GREY})


def comparison_pictures(rows: Sequence[Result]) -> tuple[Picture, ...]:
    """Make a picture of the times of each pair of A and B; quality stands in the table."""
    groups: dict[tuple[str, str], list[ComparisonResult]] = {}
    for row in rows:
        if isinstance(row, ComparisonResult):
            groups.setdefault((row.a, row.b), []).append(row)
    return tuple(_picture(found) for found in groups.values())


def _picture(rows: Sequence[ComparisonResult]) -> Picture:
    panels = [
        Panel(verdict, tuple(_row(row) for row in rows if row.verdict == verdict))
        for verdict in _COLOURS
        if any(row.verdict == verdict for row in rows)
    ]
    said = [f"{row.what} {row.ratio:.3f}, {row.verdict}" for row in rows]
    return Picture(
        title=f"{rows[0].b} by {rows[0].a}: ratio of times with 95 % interval; above 1, "
        f"{rows[0].b} is slower",
        alt=f"{'; '.join(said)}.",
        svg=rows_plot(panels, "time of B / time of A", finish=_about_one),
    )


def _row(row: ComparisonResult) -> Row:
    ends = None if row.low is None or row.high is None else (row.low, row.high)
    return interval(row.what, f"{row.ratio:.3f}", row.ratio, ends, _COLOURS[row.verdict])


def _about_one(axes: "Axes") -> None:
    from matplotlib.ticker import MaxNLocator

    axes.axvline(1.0, color=INK.light, linewidth=1.2, zorder=1)
    low, high = axes.get_xlim()
    margin = 0.03 * (high - low)
    axes.set_xlim(min(low, 1 - margin), max(high, 1 + margin))
    axes.xaxis.set_major_locator(MaxNLocator(5))
