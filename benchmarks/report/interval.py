"""A figure with its interval as a mark."""

from typing import TYPE_CHECKING

from .palette import Colour
from .rows_plot import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def interval(
    name: str, figure: str, value: float, ends: tuple[float, float] | None, colour: Colour
) -> Row:
    """Make a row whose mark is a dot, on a line from one end to the other where there are ends."""

    def draw(axes: "Axes", y: float) -> None:
        if ends is not None:
            axes.hlines(y, *ends, color=colour.light, linewidth=3, alpha=0.5)
        axes.plot(value, y, "o", markersize=6, color=colour.light)

    return Row(name, figure, draw)
