"""A table before anything draws it: a title, columns, and cells that are text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..records.result import Result

ABSENT = "-"
"""What was not measured; never a made-up cell."""

Row = TypeVar("Row", bound=Result)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """What a column shows of a row."""

    name: str
    """Its head, with the unit."""

    cell: Callable[[Row], str]
    """Makes a row's cell."""

    is_number: bool = True
    """Whether cells stand at the right."""

    is_optional: bool = False
    """Whether the column goes where no row has anything to show."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head."""

    name: str
    """With the unit."""

    is_number: bool
    """Whether cells stand at the right."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in order."""

    title: str
    """What the rows have in common."""

    heads: tuple[Head, ...]
    """One a column."""

    lines: tuple[tuple[str, ...], ...]
    """One a row, as many cells as heads."""


def table_of(title: str, columns: Sequence[Column[Row]], rows: Sequence[Row]) -> Table:
    """Fill a table; optional columns without a single figure are left out."""
    cells = [[column.cell(row) for row in rows] for column in columns]
    shown = [
        (column, found)
        for column, found in zip(columns, cells, strict=True)
        if not column.is_optional or any(cell != ABSENT for cell in found)
    ]
    return Table(
        title=title,
        heads=tuple(Head(column.name, column.is_number) for column, _ in shown),
        lines=tuple(zip(*(found for _, found in shown), strict=True)),
    )


def number(value: float | None, digits: int) -> str:
    """Write a figure with so many decimals and commas at thousands, or `ABSENT`."""
    return ABSENT if value is None else f"{value:,.{digits}f}"


def milliseconds(value: float | None) -> str:
    """Write milliseconds to three or more significant digits, or `ABSENT`."""
    if value is None:
        return ABSENT
    return number(value, 3 if value < 1 else 2 if value < 100 else 1)


def yes_no(value: bool | None) -> str:
    """Write a finding, a bad one loudly, or `ABSENT`."""
    return ABSENT if value is None else "yes" if value else "NO"
