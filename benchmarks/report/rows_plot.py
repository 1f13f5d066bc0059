"""The form of nearly every plot: rows, each with its name and figure above its mark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .canvas import label, plot
from .palette import CARD, INK, MUTED, Colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_IN = 0.47
HEAD_IN = 0.34
BAR_IN = 0.15

_HEAD_FOOT_IN = 0.12
_TEXT_IN = 0.19
_MARK_IN = 0.32


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a plot. A name across a narrow screen costs no width of the marks."""

    name: str
    """Written above the mark, at the left."""

    figure: str
    """Written above the mark, at the right."""

    draw: "Callable[[Axes, float], None]"
    """Draws the mark, centred at a y; y grows downwards, in inches."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows under a heading; all panels of a plot share one x axis."""

    head: str
    """Empty where there is nothing to tell apart."""

    rows: tuple[Row, ...]
    """From top to bottom."""


def rows_plot(
    panels: Sequence[Panel],
    x_label: str,
    *,
    finish: "Callable[[Axes], None] | None" = None,
) -> str:
    """
    Draw panels of rows.

    Args:
        panels: at least one row in all.
        x_label: what the x axis measures, with its unit.
        finish: called last, to set the x axis; None starts it at zero.

    Returns:
        An SVG element.

    """
    height = sum(HEAD_IN * bool(panel.head) + ROW_IN * len(panel.rows) for panel in panels)

    def draw(axes: "Axes") -> None:
        axes.set_ylim(height, 0)
        top = 0.0
        for panel in panels:
            top = _draw_panel(axes, panel, top)
        axes.set_xlabel(x_label)
        (finish or from_zero)(axes)

    return plot(height, draw)


def bar(name: str, figure: str, value: float, colour: Colour) -> Row:
    """Make a row whose mark is a bar from zero."""

    def draw(axes: "Axes", y: float) -> None:
        axes.barh(y, value, height=BAR_IN, color=colour.light, linewidth=0)

    return Row(name, figure, draw)


def from_zero(axes: "Axes") -> None:
    """Start the x axis at zero, with few ticks and commas at thousands."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))


def _draw_panel(axes: "Axes", panel: Panel, top: float) -> float:
    if panel.head:
        _write(axes, 0, top + HEAD_IN - _HEAD_FOOT_IN, label(panel.head), MUTED, weight="bold")
        top += HEAD_IN
    for row in panel.rows:
        _write(axes, 0, top + _TEXT_IN, label(row.name, row.figure), INK)
        _write(axes, 1, top + _TEXT_IN, row.figure, MUTED)
        row.draw(axes, top + _MARK_IN)
        top += ROW_IN
    return top


def _write(
    axes: "Axes", at: float, y: float, text: str, colour: Colour, weight: str = "normal"
) -> None:
    """Write at the left (0) or the right (1), on a ground that hides the grid."""
    axes.text(
        at,
        y,
        text,
        transform=axes.get_yaxis_transform(),
        horizontalalignment="right" if at else "left",
        color=colour.light,
        fontweight=weight,
        bbox={"facecolor": CARD.light, "edgecolor": "none", "pad": 1.2},
    )
