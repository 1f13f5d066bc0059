"""R@1 against NEC's MACs, one mark a converter."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...runtime.atomic import file_written_aside
from ...runtime.extras import need_extra
from ..records.nec_result import NecResult
from ..tables.nec import converter_name

if TYPE_CHECKING:  # matplotlib is of the extra `bench`, and slow to load
    from matplotlib.axes import Axes

_BLUE, _ORANGE, _GREY = "#1f6fb5", "#c65d07", "#7c8591"

_OFFSETS = ((7, -13), (-7, 5), (7, 5), (-7, -13))
"""Of the names of marks that lie close together, in points, the lowest first."""

_CLOSE = 0.5, 4.0
"""Decades of MACs and points of recall within which names would cover each other."""


def plot_nec(rows: Sequence[NecResult], path: Path) -> None:
    """
    Draw recall against NEC's MACs, with the linear floor.

    Args:
        rows: at least one.
        path: a .png or .svg.

    Raises:
        ExtraMissing: matplotlib is not installed (extra `bench`).
        ArtifactError: `path` cannot be written.

    """
    need_extra("bench", "matplotlib")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.add_subplot()
    _draw(axes, rows)
    with file_written_aside(path) as aside:
        figure.savefig(aside, format=path.suffix.removeprefix("."), dpi=150)


def _draw(axes: "Axes", rows: Sequence[NecResult]) -> None:
    rising = sorted(rows, key=lambda row: row.recall_at_1)
    for index, row in enumerate(rising):
        colour = _ORANGE if row.is_configured else _BLUE
        at = row.nec_macs / 1e6, row.recall_at_1
        axes.plot(*at, "o", color=colour, markersize=7)
        crowd = sum(_close(row, other) for other in rising[:index])
        offset = _OFFSETS[crowd % len(_OFFSETS)]
        axes.annotate(
            converter_name(row), at, offset, textcoords="offset points", fontsize=9, color=colour,
            ha="left" if offset[0] > 0 else "right",
        )  # fmt: skip
    floors = {row.floor_at_1 for row in rows if row.floor_at_1 is not None}
    for floor in floors:
        axes.axhline(floor, color=_GREY, linestyle="--", linewidth=1)
        axes.annotate(
            f"linear floor {floor:.1f}", (1, floor), (-4, 4), xycoords=("axes fraction", "data"),
            textcoords="offset points", ha="right", fontsize=9, color=_GREY,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.margins(x=0.2, y=0.15)
    axes.set_xlabel("MMACs of NEC, once a batch in training (0 at inference: folded)")
    axes.set_ylabel(f"R@1 in %, of {rows[0].queries:,} held-out places of {rows[0].data}")
    axes.set_title("Orange: the configured NEC", loc="left", fontsize=10)
    axes.grid(visible=True, linewidth=0.5, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)


def _close(one: NecResult, other: NecResult) -> bool:
    decades = abs(math.log10(one.nec_macs / other.nec_macs))
    return decades < _CLOSE[0] and abs(one.recall_at_1 - other.recall_at_1) < _CLOSE[1]
