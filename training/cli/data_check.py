"""`clnet-data check`."""

import sys
from pathlib import Path
from typing import Any

import click

from ...runtime.console import NO, one_line_errors, terminal_progress
from ...runtime.datasets import Layout
from .options import AREA, FOLDER, JSON, LABELS, LAYOUT, write_figures


@click.command(epilog="Example: clnet-data check CVUSA --layout cvusa --decode")
@click.argument("folder", type=FOLDER)
@click.option("--layout", type=LAYOUT, required=True)
@AREA
@LABELS
@click.option("--decode", is_flag=True, help="Read every image to its end, too.")
@JSON
@one_line_errors
def check(folder: Path, layout: Layout, json_path: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """
    Say what of the data set in FOLDER is there, and which split is incomplete.

    Exit status: 0 all complete, 1 something is missing or broken, 2 no split of that layout.
    """
    from ...runtime.datasets.check_text import check_text
    from ...runtime.datasets.checking import check_dataset

    checked = check_dataset(folder, layout, progress=terminal_progress, **choice)
    click.echo(check_text(checked))
    write_figures(checked, json_path)
    if not checked.is_complete:
        sys.exit(NO)
