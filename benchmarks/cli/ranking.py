"""`clnet-bench ranking`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import one_line_errors, terminal_progress
from .options import COUNT, JSON


@click.command(epilog="Example: clnet-bench ranking --json ranking.jsonl")
@click.option("--queries", type=COUNT, default=52_605, show_default=True)
@click.option("--gallery", type=COUNT, default=90_618, show_default=True, help="Rows.")
@click.option("--dim", type=COUNT, default=1024, show_default=True, help="Length of a row.")
@click.option("--rounds", type=COUNT, default=3, show_default=True, help="Runs of each method.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@JSON
@one_line_errors
def ranking(json_path: Path | None, **sizes: Any) -> None:  # noqa: ANN401
    """Time the ranks of true matches against the bare product; VIGOR's same-area size."""
    from ..ranking.ranking import measure_ranking
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    rows = measure_ranking(**sizes, progress=terminal_progress)
    click.echo(report_text(rows))
    if json_path is not None:
        write_lines(rows, json_path)
