"""`clnet-bench accuracy`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.backends import BACKENDS, PRECISIONS
from ...runtime.console import one_line_errors
from ...runtime.datasets import LAYOUTS
from .options import ANY_PATH, JSON

_ACCURACY_EXAMPLES = """\b
Examples:
  clnet-bench accuracy bundle --checkpoint run --data town --layout cvusa --all-backends
  clnet-bench accuracy bundle --data town --backend tensorrt --precision fp16 --json row.jsonl
"""


@click.command(epilog=_ACCURACY_EXAMPLES)
@click.argument("bundle", type=ANY_PATH)
@click.option("--data", type=ANY_PATH, required=True, help="The data set.")
@click.option("--layout", type=click.Choice(LAYOUTS), default="cvusa", show_default=True)
@click.option(
    "--split", type=click.Choice(["train", "val", "test"]), help="Default: the held-out one."
)
@click.option("--checkpoint", type=ANY_PATH,
              help="The reference: the run it was exported from (needs torch).")  # fmt: skip
@click.option("--backend", "backends", type=click.Choice(BACKENDS), multiple=True,
              help="What embeds; may be repeated.  [default: onnxruntime]")  # fmt: skip
@click.option("--all-backends", is_flag=True, help="Instead: all that can run here.")
@click.option("--precision", type=click.Choice(PRECISIONS),
              help="Default: each one that the backend and the bundle have.")  # fmt: skip
@JSON
@one_line_errors
def accuracy(json_path: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """Rank DATA's places by BUNDLE: recall with intervals, and what was lost to its checkpoint."""
    from ..accuracy.accuracy import accuracy_run
    from ..measuring.stages import stages
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    report = accuracy_run(**choice, progress=stages)
    click.echo(report_text(report.rows, report.notes))
    if json_path is not None:
        write_lines(report.rows, json_path)
