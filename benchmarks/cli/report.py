"""`clnet-bench report`."""

from pathlib import Path

import click

from ...runtime.console import one_line_errors
from .options import ANY_PATH

_EXAMPLES = """\b
Examples:
  clnet-bench report latency.jsonl matching.jsonl
  clnet-bench report *.jsonl --bundle bundle --out report.html --markdown report.md
"""


@click.command(epilog=_EXAMPLES)
@click.argument("files", nargs=-1, required=True, type=ANY_PATH)
@click.option("--bundle", type=ANY_PATH, help="Show its parity and its neural maps, too.")
@click.option("--out", type=ANY_PATH, default=Path("build/bench/report.html"), show_default=True)
@click.option("--markdown", type=ANY_PATH, help="Write the same without plots, too.")
@one_line_errors
def report(files: tuple[Path, ...], bundle: Path | None, out: Path, markdown: Path | None) -> None:
    """Show the rows of FILES as one page that needs no network: summary, plots, tables."""
    from ..records.lines import read_rows
    from ..report.write import write_report

    rows = [row for path in files for row in read_rows(path)]
    write_report(rows, out, bundle=bundle, markdown=markdown)
    for path in (out, markdown):
        if path is not None:
            click.echo(path)
