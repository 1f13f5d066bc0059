"""Rows as text for a terminal: tables, what they were measured on, and what to distrust."""

from collections.abc import Sequence
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Drawn

from ..records.result import Result, TimedResult
from .doubts import doubts_of
from .kinds import tables_of
from .table import ABSENT, Table, number

_WIDTH = 4096


def report_text(rows: Sequence[Result], notes: Sequence[str] = ()) -> str:
    """
    Show rows of any kinds.

    Args:
        rows: none gives the notes alone.
        notes: what a reader must know, a line each.

    """
    timed = [row for row in rows if isinstance(row, TimedResult)]
    drawn = [drawing(table) for table in tables_of(rows)]
    return "\n".join([*drawn, *map(_where, rows[:1]), *_how(timed), *notes, *doubts_of(rows)])


def drawing(table: Table) -> str:
    """Draw one table as wide as its cells, whatever the terminal."""
    drawn = Drawn(title=table.title, title_justify="left", box=SIMPLE_HEAD)
    for head in table.heads:
        drawn.add_column(head.name, justify="right" if head.is_number else "left", no_wrap=True)
    for line in table.lines:
        drawn.add_row(*line)
    stream = StringIO()
    console = Console(file=stream, width=_WIDTH, color_system=None, markup=False, emoji=False)
    console.print(drawn)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def _where(row: Result) -> str:
    machine = row.machine
    gpu = "" if machine.gpu is None else f"{machine.gpu.name}, "
    power = "" if machine.power_mode is None else f"power mode {machine.power_mode}, "
    name = machine.board or machine.processor
    return f"{name}, {machine.cores} cores, {gpu}{power}{machine.os}; {ABSENT}: not measured"


def _how(rows: Sequence[TimedResult]) -> list[str]:
    if not rows:
        return []
    others = [row.others_cores for row in rows if row.others_cores is not None]
    rounds = sorted({row.rounds for row in rows})
    return [
        f"{max(row.threads for row in rows)} threads; rounds: {', '.join(map(str, rounds))}; "
        f"others used {number(max(others, default=None), 2)} cores at most; "
        f"TF32 {'on' if any(row.tf32 for row in rows) else 'off'}"
    ]
