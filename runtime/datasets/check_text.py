"""A checked data set on one screen."""

from collections.abc import Iterator
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from .checking import DatasetCheck, SplitCheck, TaskCheck

WIDTH = 80
"""Columns of a terminal."""

_BROKEN_SHOWN = 3


def check_text(check: DatasetCheck) -> str:
    """Draw a table with a row a split; then the tasks, and what is wrong."""
    stream = StringIO()
    console = Console(file=stream, width=WIDTH, color_system=None, markup=False, emoji=False)
    console.print(_table(check))
    drawn = [line.rstrip() for line in stream.getvalue().splitlines() if line.strip()]
    tasks = [_task_line(task) for split in check.splits for task in split.tasks]
    wrong = [f"{split.split}: {line}" for split in check.splits for line in _wrong(split)]
    return "\n".join([f"{check.folder} as {check.layout}", *drawn, *tasks, *wrong])


def _table(check: DatasetCheck) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("split")
    for name in ("pairs", "ground", "satellite", "absent", "tiles", "located"):
        table.add_column(name, justify="right")
    table.add_column("")
    for split in check.splits:
        numbers = (
            split.pairs,
            split.images.get("ground", 0),
            split.images.get("satellite", 0),
            sum(split.absent.values()),
            split.tiles,
            split.located,
        )
        table.add_row(split.split, *(f"{number:,}" for number in numbers), _verdict(split))
    return table


def _verdict(split: SplitCheck) -> str:
    if split.problem:
        return "missing"
    return "complete" if split.is_complete else "incomplete"


def _task_line(task: TaskCheck) -> str:
    other = "satellite" if task.query_view == "ground" else "ground"
    return (
        f"{task.name}: {task.queries:,} {task.query_view} queries, {task.gallery:,} {other} images "
        f"({'; '.join(task.protocols)})"
    )


def _wrong(split: SplitCheck) -> Iterator[str]:
    if split.problem:
        yield split.problem
    if split.first_absent:
        absent = " and ".join(f"{count:,} {view}" for view, count in split.absent.items() if count)
        yield f"{absent} images absent, such as {split.first_absent}"
    if split.undecodable is not None:
        read = sum(split.images.values()) - sum(split.absent.values()) - split.undecodable
        yield f"{read:,} images decoded to their end, {split.undecodable:,} broken"
    yield from split.broken[:_BROKEN_SHOWN]
    if len(split.broken) > _BROKEN_SHOWN:
        yield f"{len(split.broken) - _BROKEN_SHOWN:,} more rows or images are broken"
