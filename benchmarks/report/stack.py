"""Bars made of parts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .palette import INK, PARTS, Colour
from .rows_plot import BAR_IN, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TICK_IN = 0.11


def stack(
    name: str,
    figure: str,
    parts: Mapping[str, float],
    order: Sequence[str],
    whole: float | None = None,
) -> Row:
    """
    Make a row whose mark is a bar of parts.

    Args:
        name: above the bar.
        figure: above the bar, at the right.
        parts: sizes by name.
        order: the names of all parts in the plot; it decides places and colours.
        whole: a tick across the bar, for a whole that was measured by itself.

    """
    colours = dict(legend(order))

    def draw(axes: "Axes", y: float) -> None:
        left = 0.0
        for part in order:
            size = parts.get(part, 0.0)
            axes.barh(y, size, left=left, height=BAR_IN, color=colours[part].light, linewidth=0)
            left += size
        if whole is not None:
            axes.vlines(whole, y - _TICK_IN, y + _TICK_IN, color=INK.light, linewidth=2)

    return Row(name, figure, draw)


def legend(order: Sequence[str]) -> tuple[tuple[str, Colour], ...]:
    """Give each part a colour by its place; parts beyond the palette share the last one."""
    return tuple((part, PARTS[min(i, len(PARTS) - 1)]) for i, part in enumerate(order))
