"""Files to embeddings beside what limits them."""

from collections.abc import Sequence

from ..records.embedding_result import EmbeddingResult
from ..tables.naming import name_of
from ..tables.table import number
from .content import Picture
from .palette import GREY, colour_of
from .rows_plot import Panel, bar, rows_plot


def embedding_pictures(rows: Sequence[EmbeddingResult]) -> tuple[Picture, ...]:
    """Make one picture a network, with a panel a row."""
    return tuple(
        _picture([row for row in rows if row.network == network])
        for network in dict.fromkeys(row.network for row in rows)
    )


def _picture(rows: Sequence[EmbeddingResult]) -> Picture:
    said = [f"{name_of(row)} {number(row.files_images_per_s, 1)}" for row in rows]
    return Picture(
        title=f"{rows[0].network}: from JPEG files; the backend alone and decoding alone, in grey, "
        "are limits",
        alt=f"Images a second from files: {'; '.join(said)}.",
        svg=rows_plot([_panel(row) for row in rows], "images a second"),
    )


def _panel(row: EmbeddingResult) -> Panel:
    speeds = (
        ("files to embeddings", row.files_images_per_s, colour_of(row.backend)),
        ("the backend alone", row.backend_images_per_s, GREY),
        ("decoding alone", row.decode_images_per_s, GREY),
    )
    return Panel(
        name_of(row), tuple(bar(name, number(speed, 1), speed, to) for name, speed, to in speeds)
    )
