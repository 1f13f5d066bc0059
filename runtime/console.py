"""The edge between commands and people: exit statuses, one-line errors, progress bars."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text
from typing_extensions import ParamSpec

from .errors import ClnetError, GateFailed
from .progress import Advance

P = ParamSpec("P")
R = TypeVar("R")

NO = 1
"""Exit status: it ran, and the answer is no."""

UNUSABLE = 2
"""Exit status: usage or unusable input."""

_RATE_S = 120.0
"""A bar's rate and time left come from the last two minutes: a batch may take one of them."""

VERSION = click.version_option(package_name="clnet", message="clnet %(version)s")
"""Option of every command: which clnet this is."""


def one_line_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn `ClnetError` into one line on standard error and exit status 2 (1 for a gate)."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ClnetError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(NO if isinstance(error, GateFailed) else UNUSABLE)

    return guarded


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        number = "-" if speed is None else f"{speed:,.1f}" if speed < 10 else f"{speed:,.0f}"
        return Text(f"{number} {task.fields['unit']}/s")


@contextmanager
def terminal_progress(label: str, total: int | None, unit: str = "images") -> Iterator[Advance]:
    """Draw a `runtime.progress` bar on standard error; draw nothing when it is no terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    hidden = not console.is_terminal
    with Progress(*columns, console=console, disable=hidden, speed_estimate_period=_RATE_S) as bars:
        task = bars.add_task(label, total=total, unit=unit, figures="")

        def advance(count: int = 1, **figures: float) -> None:
            bars.advance(task, count)
            if figures:
                shown = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
                bars.update(task, figures=shown)

        yield advance
