"""N^g and N^s as pictures, before and after the normaliser."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...runtime.preprocess import VIEWS, View
from ..experiments.map_figures import Map, neural_map, weights
from .drawing import figure, heat, save
from .studied import Studied

if TYPE_CHECKING:  # matplotlib is of the extra `bench`, and slow to load
    from matplotlib.figure import Figure

CHANNELS = 4
"""Shown besides the mean."""

_WIDE_IN = 11.0
_COLUMN_IN = 1.8
"""Of a column's width what its pictures have; the rest is for the scale."""

_TEXT_IN = 0.45
"""Above and below a picture."""

_SYMBOLS: dict[View, str] = {"ground": "$N^g$", "satellite": "$N^s$"}


def draw_maps(run: Studied, out: Path) -> Iterator[Path]:
    """
    Draw one PNG a level: mean and the channels of N^g that vary most, the same ones of N^s.

    Args:
        run: with learned maps.
        out: a folder.

    """
    for level, stage in enumerate(run.network.config.levels):
        yield save(_drawn(run, level), out / f"{run.name}-maps-stage{stage}.png")


def _drawn(run: Studied, level: int) -> "Figure":
    config = run.network.config
    assert config.maps is not None
    channels = _most_varied(neural_map(run.network, level, "ground"))
    heights = [_height_in(run, view) for view in VIEWS for _ in range(2)]
    drawn = figure(_WIDE_IN, sum(heights) + 0.4)
    drawn.suptitle(
        f"{run.name}, stage {config.levels[level]}: neural maps as learned, and as importance "
        f"(after {config.maps.normaliser})",
        fontsize=10,
    )
    grid = drawn.subplots(len(heights), 1 + CHANNELS, squeeze=False, height_ratios=heights)
    for first, view in zip((0, 2), VIEWS, strict=True):
        size = config.preprocess(view)
        maps = neural_map(run.network, level, view), weights(run.network, level, view)
        for row, (one, name) in enumerate(zip(maps, ("{}", "norm({})"), strict=True), first):
            symbol = name.format(_SYMBOLS[view])
            shown = _named(one, channels)
            for axes, (what, values) in zip(grid[row], shown, strict=False):
                heat(axes, values, size, f"{symbol}, {what}", signed=row == first)
            for axes in grid[row][len(shown) :]:
                axes.set_axis_off()
    return drawn


def _named(one: Map, channels: list[int]) -> list[tuple[str, Map]]:
    mean = (f"mean of {len(one)}", one.mean(axis=0))
    return [mean, *((f"channel {channel}", one[channel]) for channel in channels)]


def _most_varied(one: Map) -> list[int]:
    spread = one.reshape(len(one), -1).std(axis=1)
    return [int(channel) for channel in np.argsort(-spread, kind="stable")[:CHANNELS]]


def _height_in(run: Studied, view: View) -> float:
    size = run.network.config.preprocess(view)
    return _COLUMN_IN * size.height / size.width + _TEXT_IN
