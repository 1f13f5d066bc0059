"""Recall with its intervals."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..records.accuracy_result import AccuracyResult
from ..tables.naming import method_of
from .content import Picture
from .interval import interval
from .palette import colour_of
from .rows_plot import Panel, rows_plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def accuracy_pictures(rows: Sequence[AccuracyResult]) -> tuple[Picture, ...]:
    """Make a picture for each network, data set and protocol, with a panel a K."""
    groups: dict[tuple[str, str, str], list[AccuracyResult]] = {}
    for row in rows:
        groups.setdefault((row.network, row.data, row.protocol), []).append(row)
    return tuple(_picture(found) for found in groups.values())


def _picture(rows: Sequence[AccuracyResult]) -> Picture:
    first = rows[0]
    panels = [
        Panel(
            f"R@{k}",
            tuple(
                interval(
                    method_of(row),
                    f"{share.percent:.2f} [{share.low:.2f}, {share.high:.2f}]",
                    share.percent,
                    (share.low, share.high),
                    colour_of(row.backend),
                )
                for row in rows
                if (share := row.recall_at.get(k)) is not None
            ),
        )
        for k in dict.fromkeys(k for row in rows for k in row.recall_at)
    ]
    said = [f"{panel.head} {row.name} {row.figure}" for panel in panels for row in panel.rows]
    return Picture(
        title=f"{first.network} on {first.data}, {first.protocol}: recall with 95 % intervals",
        alt=f"{'; '.join(said)}.",
        svg=rows_plot(panels, "% of queries", finish=_within_percent),
    )


def _within_percent(axes: "Axes") -> None:
    from matplotlib.ticker import MaxNLocator

    low, high = axes.get_xlim()
    axes.set_xlim(max(low, -0.5), min(high, 100.5))
    axes.xaxis.set_major_locator(MaxNLocator(5))
