"""`clnet-bench compare`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.backends import BACKENDS, PRECISIONS
from ...runtime.console import one_line_errors
from ...runtime.datasets import LAYOUTS
from ...runtime.errors import ConfigError
from .options import ANY_PATH, COUNT, JSON, finite

_COMPARE_EXAMPLES = """\b
Examples:
  clnet-bench compare before.jsonl after.jsonl
  clnet-bench compare bundle-a bundle-b --data town --layout cvusa
  clnet-bench compare bundle-a bundle-b --backend tensorrt --batch 1 --json row.jsonl
"""


@click.command(epilog=_COMPARE_EXAMPLES)
@click.argument("a", type=ANY_PATH)
@click.argument("b", type=ANY_PATH)
@click.option("--backend", type=click.Choice(BACKENDS), help="Of bundles.  [onnxruntime]")
@click.option("--precision", type=click.Choice(PRECISIONS), help="Of bundles; each one's default.")
@click.option("--batch", type=COUNT, help="Of bundles: images of each view.  [8]")
@click.option("--rounds", type=COUNT, help="Of bundles: turns of each.  [20]")
@click.option(
    "--margin",
    type=click.FloatRange(min=0),
    callback=finite,
    help="Least share that counts, as 0.02.",
)
@click.option("--data", type=ANY_PATH, help="Of bundles: images whose places both shall find.")
@click.option("--layout", type=click.Choice(LAYOUTS), default="cvusa", show_default=True)
@click.option(
    "--split", type=click.Choice(["train", "val", "test"]), help="Default: the held-out one."
)
@click.option("--geojson", type=ANY_PATH, help="With --data: write moved queries for a map.")
@JSON
@one_line_errors
def compare(json_path: Path | None, geojson: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """
    Tell whether B is faster than A, and what it answers otherwise.

    A and B are two files of results, or two bundles, which then run in turns. Exit status 0
    whatever the verdict: --json holds it.
    """
    from ..comparing.geojson import write_moved
    from ..comparing.run import compare as compare_both
    from ..measuring.stages import stages
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    if geojson is not None and choice["data"] is None:
        raise ConfigError("--geojson needs --data: without it no query is known to have moved")
    report = compare_both(**choice, progress=stages)
    click.echo(report_text(report.all_rows, report.notes))
    if geojson is not None:
        write_moved(report.moved, geojson)
    if json_path is not None:
        write_lines(report.all_rows, json_path)
