"""`clnet-bench matching`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import one_line_errors, terminal_progress
from ..matching.vectors import VECTORS
from .options import COUNT, JSON

_MATCHING_EXAMPLES = """\b
Examples:
  clnet-bench matching --json matching.jsonl
  clnet-bench matching --queries 1 --gallery 200000 --dim 512
  clnet-bench matching --gallery 10000 --gallery 100000 --k 1 --k 10 --k 100
  clnet-bench matching --data clustered
"""


@click.command(epilog=_MATCHING_EXAMPLES)
@click.option("--queries", type=COUNT, default=1024, show_default=True)
@click.option("--gallery", "galleries", type=COUNT, multiple=True, default=[100_000],
              show_default=True, help="Rows; may be repeated.")  # fmt: skip
@click.option("--dim", type=COUNT, default=1024, show_default=True, help="Length of a row.")
@click.option("--k", "ks", type=COUNT, multiple=True, default=[10], show_default=True,
              help="Matches of a query; may be repeated.")  # fmt: skip
@click.option("--rounds", type=COUNT, default=7, show_default=True, help="Turns of each method.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--data", type=click.Choice(list(VECTORS)), default="random", show_default=True)
@JSON
@one_line_errors
def matching(json_path: Path | None, **sizes: Any) -> None:  # noqa: ANN401
    """Time the exact top K against FAISS flat and the bare product, and check its ids."""
    from ..matching.matching import measure_matching
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    report = measure_matching(**sizes, progress=terminal_progress)
    click.echo(report_text(report.rows, report.notes))
    if json_path is not None:
        write_lines(report.rows, json_path)
