"""A retrieval task: queries of one view, a gallery of the other, and which pictures are right."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from ..preprocess import View


@dataclass(frozen=True, slots=True)
class Picture:
    """One image of one view."""

    id: str
    """Unique within its side of the task."""

    path: Path
    """The file."""

    latitude: float | None = None
    """WGS84 degrees; None where the data set does not say."""

    longitude: float | None = None
    """WGS84 degrees; None where the data set does not say."""

    group: str = ""
    """What its scores are averaged over beside others': its city or building; empty for none."""

    row: str = ""
    """Where it is listed, for messages."""


@dataclass(frozen=True, slots=True)
class GalleryRows:
    """For each of Q queries, some rows of the gallery."""

    starts: NDArray[np.int64]
    """[Q + 1] int64: the rows of query q are `rows[starts[q]:starts[q + 1]]`."""

    rows: NDArray[np.int64]
    """[M] int64, rising and without repetition within a query."""

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]]) -> Self:
        """Take the rows of each query."""
        each = [sorted(set(some)) for some in rows]
        starts = np.zeros(len(each) + 1, np.int64)
        np.cumsum([len(some) for some in each], out=starts[1:])
        flat = np.fromiter((row for some in each for row in some), np.int64, int(starts[-1]))
        return cls(starts, flat)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of_query(self, query: int) -> NDArray[np.int64]:
        """Return the rows of one query."""
        return self.rows[self.starts[query] : self.starts[query + 1]]


Figures = Literal["recall", "cmc-and-ap"]


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way of counting a task, named in every output."""

    name: str
    """Such as `exact`, `within 5 m`, `semi-positives ignored`, `distractors dropped`."""

    right: GalleryRows
    """The rows that answer each query: at least one a query."""

    ignored: GalleryRows | None = None
    """Rows that neither help nor harm a query, though they stand in the gallery."""

    kept: NDArray[np.int64] | None = None
    """[R] int64, rising: the rows that take part; None for all. Right rows are among them."""

    figures: Figures = "recall"
    """`recall`: R@1, 5, 10 and 1 %. `cmc-and-ap`: University-1652's CMC and average precision."""


@dataclass(frozen=True, slots=True)
class Task:
    """Embed both sides once; then count by each protocol."""

    name: str
    """Such as `CVUSA val`, `VIGOR same-area test`, `University-1652 drone to satellite`."""

    query_view: View
    """The branch that embeds the queries."""

    queries: tuple[Picture, ...]
    """Q of them."""

    gallery: tuple[Picture, ...]
    """N of them, of the other view."""

    protocols: tuple[Protocol, ...]
    """The first is the benchmark's own."""

    @property
    def gallery_view(self) -> View:
        """The branch that embeds the gallery."""
        return "satellite" if self.query_view == "ground" else "ground"
