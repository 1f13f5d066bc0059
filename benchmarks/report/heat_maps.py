"""Maps as pictures, wide ones below each other, square ones side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .canvas import FONT_PT, WIDTH_IN, drawing
from .palette import MUTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEAD_IN = 0.26
_GAP_IN = 0.12
_ACROSS = 3
_WIDE = 1.6
"""Width by height from which a map has a row to itself."""


@dataclass(frozen=True, slots=True)
class Heat:
    """One map."""

    name: str
    """Written above it, with its range."""

    values: NDArray[np.float32]
    """[H, W]."""


def heat_maps(heats: Sequence[Heat]) -> str:
    """
    Draw maps from dark, the least of each, to bright.

    Returns:
        An SVG element, with the maps as PNG inside it.

    """
    placed, height = _placed(heats)

    def draw(figure: "Figure") -> None:
        for heat, (left, top, wide, high) in placed:
            axes = figure.add_axes(
                (left / WIDTH_IN, 1 - (top + high) / height, wide / WIDTH_IN, high / height)
            )
            axes.imshow(heat.values, cmap="cividis", aspect="auto", interpolation="nearest")
            axes.set_axis_off()
            axes.set_title(
                _title(heat, wide), fontsize=FONT_PT, loc="left", color=MUTED.light, pad=3
            )

    return drawing(height, draw)


def _title(heat: Heat, wide_in: float) -> str:
    if wide_in < WIDTH_IN / 2:
        return heat.name
    return f"{heat.name}: {heat.values.min():.3f} to {heat.values.max():.3f}"


def _placed(
    heats: Sequence[Heat],
) -> tuple[list[tuple[Heat, tuple[float, float, float, float]]], float]:
    """Give each map its left, top, width and height in inches, and the height of all."""
    placed: list[tuple[Heat, tuple[float, float, float, float]]] = []
    narrow = (WIDTH_IN - (_ACROSS - 1) * _GAP_IN) / _ACROSS
    column, top, bottom = 0, 0.0, 0.0
    for heat in heats:
        rows, columns = heat.values.shape
        is_wide = columns / rows > _WIDE
        if is_wide or column == _ACROSS:
            column, top = 0, bottom
        wide = WIDTH_IN if is_wide else narrow
        high = wide * rows / columns
        left = column * (narrow + _GAP_IN)
        placed.append((heat, (left, top + _HEAD_IN, wide, high)))
        bottom = max(bottom, top + _HEAD_IN + high + _GAP_IN)
        column = _ACROSS if is_wide else column + 1
    return placed, bottom
