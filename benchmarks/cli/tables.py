"""`clnet-bench tables`."""

from pathlib import Path

import click

from ...runtime.console import NO, one_line_errors
from .options import ANY_PATH

_EXAMPLES = """\b
Examples:
  clnet-bench tables
  clnet-bench tables docs/performance.md --check
"""


@click.command(epilog=_EXAMPLES)
@click.argument("documents", nargs=-1, type=ANY_PATH)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a table is stale.")
@one_line_errors
def tables(documents: tuple[Path, ...], check: bool) -> None:
    """Write the tables of DOCUMENTS (README.md and docs/) from the rows that they name."""
    from ..tables.documents import documents_of, renew, stale_documents

    chosen = documents or documents_of(Path())
    stale = (stale_documents if check else renew)(chosen, Path())
    for path in stale:
        click.echo(f"{path}: {'stale; run clnet-bench tables' if check else 'written anew'}")
    if check and stale:
        raise SystemExit(NO)
