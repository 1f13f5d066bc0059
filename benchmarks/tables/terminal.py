"""Rows as text for a terminal: tables, what they were measured on, and what to distrust."""

from collections.abc import Sequence
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Drawn

from ..records.result import Result, TimedResult
from .kinds import tables_of
from .table import ABSENT, Table, number

BUSY_CORES = 0.1
"""Cores in use by others above which a reader is warned."""

_WIDTH = 220


def report_text(rows: Sequence[Result], notes: Sequence[str] = ()) -> str:
    """
    Show rows of any kinds.

    Args:
        rows: at least one.
        notes: what a reader must know, a line each.

    """
    timed = [row for row in rows if isinstance(row, TimedResult)]
    drawn = [drawing(table) for table in tables_of(rows)]
    return "\n".join([*drawn, _where(rows[0]), *_how(timed), *notes, *_warnings(timed)])


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


def _warnings(rows: Sequence[TimedResult]) -> list[str]:
    lines = []
    if max((row.others_cores or 0.0 for row in rows), default=0.0) > BUSY_CORES:
        lines.append(
            "others were at work: figures are slow, and ratios unfair to methods whose threads "
            "wait by spinning; measure again on a quiet machine"
        )
    lines += [f"not stationary after warm-up: {_name(row)}" for row in rows if not row.stationary]
    if any(row.samples == 1 for row in rows):
        lines.append("a row of a single run has no spread: take more rounds before you compare")
    return lines


def _name(row: TimedResult) -> str:
    """Name a row by the fields that its kind has."""
    fields = ("stage", "method", "view", "backend", "precision")
    words = [getattr(row, field, None) for field in fields]
    return " ".join(word for word in words if word)
