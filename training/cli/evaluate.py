"""`clnet-eval`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import VERSION, one_line_errors, terminal_progress
from ...runtime.extras import need_extra
from .options import AREA, FOLDER, JSON, LABELS, LAYOUT, SKIP_BROKEN, SPLIT, write_figures


@click.command(epilog="Example: clnet-eval --bundle bundle --data town --layout cvusa")
@VERSION
@click.option("--checkpoint", type=FOLDER, help="A run of clnet-train (needs torch).")
@click.option("--bundle", type=FOLDER, help="A bundle of clnet-export (needs no torch).")
@click.option("--data", type=FOLDER, required=True, help="The data set.")
@click.option("--layout", type=LAYOUT, default="cvusa", show_default=True)
@SPLIT
@AREA
@LABELS
@SKIP_BROKEN
@click.option("--maps", type=click.Choice(["learned", "uniform"]), default="learned",
              help="`uniform` flattens the neural maps: what do they contribute?")  # fmt: skip
@click.option("--precision", type=click.Choice(["fp32", "fp16"]), help="The bundle's graph.")
@JSON
@one_line_errors
def evaluate(json_path: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """Ask a network what its benchmark asks: each task, by each protocol, named."""
    from ..evaluation_run import evaluation_run

    if choice["checkpoint"]:
        need_extra("train")
    evaluation = evaluation_run(**choice, progress=terminal_progress)
    click.echo(evaluation.text())
    write_figures(evaluation, json_path)
