"""`clnet-bench maps`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import one_line_errors, terminal_progress
from ...runtime.extras import need_extra
from .experiment_options import FOLDER, LAYOUT
from .options import COUNT, JSON

_EXAMPLES = """\b
Examples:
  clnet-bench maps run --data town --out maps
  clnet-bench maps runs/nec-2x64-gelu-seed0 runs/nec-2x64-gelu-seed1 --data town --out maps
"""


@click.command(epilog=_EXAMPLES)
@click.argument("runs", nargs=-1, required=True, type=FOLDER)
@click.option("--data", type=FOLDER, required=True, help="Whose held-out places are ranked.")
@click.option("--layout", type=LAYOUT, help="How it lies on disk; the first run's.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="For the pictures.")
@click.option("--places", type=COUNT, default=4, show_default=True, help="Shown as pictures.")
@click.option("--draws", type=COUNT, default=5, show_default=True, help="Shuffles of positions.")
@JSON
@one_line_errors
def maps(json_path: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """Draw the neural maps of RUNS, and say whether they mean anything."""
    need_extra("export", "torch", "timm", "safetensors", "scipy")
    need_extra("bench", "matplotlib")
    from ..maps.maps import run_maps
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    report = run_maps(**choice, progress=terminal_progress)
    if json_path is not None:
        write_lines(report.rows, json_path)
    click.echo(report_text(report.rows, [f"picture: {path}" for path in report.pictures]))
