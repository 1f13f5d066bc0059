"""Methods of matching beside their limits."""

from collections.abc import Sequence

from ..records.matching_result import MatchingResult
from ..tables.table import milliseconds
from .content import Picture
from .palette import colour_of
from .rows_plot import Panel, bar, rows_plot


def matching_pictures(rows: Sequence[MatchingResult]) -> tuple[Picture, ...]:
    """Make a picture for each size and kind of vectors, with a panel a K."""
    groups: dict[tuple[int, int, int, str], list[MatchingResult]] = {}
    for row in rows:
        groups.setdefault((row.gallery, row.queries, row.dim, row.data), []).append(row)
    return tuple(_picture(found) for _, found in sorted(groups.items()))


def _picture(rows: Sequence[MatchingResult]) -> Picture:
    first = rows[0]
    panels = [
        Panel(
            f"K = {k}",
            tuple(
                bar(row.method, _figure(row), row.median_ms, colour_of(row.method))
                for row in sorted(rows, key=lambda row: row.median_ms)
                if row.k == k
            ),
        )
        for k in sorted({row.k for row in rows})
    ]
    said = [f"{row.method} K = {row.k} {milliseconds(row.median_ms)} ms" for row in rows]
    return Picture(
        title=f"{first.queries:,} queries, {first.gallery:,} rows of {first.dim:,} numbers, "
        f"{first.data}; medians; the bare product and the memory's read, in grey, are limits",
        alt=f"Median times: {'; '.join(said)}.",
        svg=rows_plot(panels, "ms for all queries"),
    )


def _figure(row: MatchingResult) -> str:
    time = f"{milliseconds(row.median_ms)} ms"
    is_yardstick = row.method.startswith(("faiss", "product", "read"))
    if row.ratio_to_faiss_flat is None or is_yardstick:
        return time
    return f"{time}, {row.ratio_to_faiss_flat:.2f} x FAISS"
