"""What a report says, before a page or a Markdown file says it."""

import re
from dataclasses import dataclass

from ..tables.table import Table
from .palette import Colour


@dataclass(frozen=True, slots=True)
class Picture:
    """One plot."""

    title: str
    """What it shows, as its caption."""

    alt: str
    """What a reader who does not see it must know."""

    svg: str
    """An SVG element, ready to stand in a page: trusted, its texts are escaped."""

    legend: tuple[tuple[str, Colour], ...] = ()
    """What colours mean where the plot's own texts do not say it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A figure of the summary."""

    label: str
    """What it is of."""

    value: str
    """The figure with its unit."""

    note: str
    """What stands behind it."""


@dataclass(frozen=True, slots=True)
class Section:
    """One subject."""

    title: str
    """Its heading."""

    words: tuple[str, ...] = ()
    """What a reader must know to read it, a paragraph each."""

    pictures: tuple[Picture, ...] = ()
    """Plots; a Markdown file has none."""

    tables: tuple[Table, ...] = ()
    """The figures behind the plots."""

    details: tuple[Picture, ...] = ()
    """Plots that a page folds away."""

    @property
    def anchor(self) -> str:
        """The heading as an address within the page."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Report:
    """All of it, in order."""

    title: str
    """The networks' names."""

    machines: tuple[str, ...]
    """Where the rows come from."""

    cards: tuple[Card, ...]
    """The summary."""

    doubts: tuple[str, ...]
    """Why some figures deserve less trust, a sentence each."""

    absent: tuple[str, ...]
    """Subjects without a row, named."""

    sections: tuple[Section, ...]
    """The rest."""

    rows: int
    """How many it is made of."""
