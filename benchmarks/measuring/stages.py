"""Progress of a benchmark whose standard error is piped: a line for each stage, not a silence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ...runtime.console import terminal_progress
from ...runtime.progress import Advance


@contextmanager
def stages(label: str, total: int | None, unit: str = "images") -> Iterator[Advance]:
    """Draw a `runtime.progress` bar on a terminal; elsewhere say on standard error what begins."""
    if not sys.stderr.isatty():
        click.echo(f"{label}: {'' if total is None else f'{total:,} '}{unit} ...", err=True)
    with terminal_progress(label, total, unit) as advance:
        yield advance
