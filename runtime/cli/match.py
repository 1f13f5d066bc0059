"""`clnet-match`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..answers.sheet_style import SHEET_QUERIES
from ..console import VERSION, one_line_errors, terminal_progress
from ..preprocess import VIEWS
from .area_options import Narrowing, area_options
from .options import (
    ANY_PATH,
    POSITIVE,
    Reading,
    exit_with,
    network_options,
    reading_options,
    silence_decoders,
)

if TYPE_CHECKING:
    from ..answers.formats import AnswerFormat
    from ..preprocess import View

_MATCH_EXAMPLES = """\b
Examples:
  clnet-match bundle photo.jpg --gallery gallery
  clnet-match bundle photo.jpg --gallery gallery --near 60.17,24.94,2km
  clnet-match bundle places.csv --path-column street --gallery gallery \\
      --top-k 5 --format geojson --out matches.geojson --sheet sheet.png
"""


@click.command(epilog=_MATCH_EXAMPLES, no_args_is_help=True)
@VERSION
@click.argument("bundle", type=ANY_PATH)
@click.argument("sources", nargs=-1, required=True)
@click.option("--gallery", required=True, help="Made by clnet-embed; s3://, gs:// or az://, too.")
@click.option("--top-k", type=POSITIVE, help="Places a query; 10, or all where there are fewer.")
@click.option("--view", type=click.Choice(VIEWS), default="ground", show_default=True)
@area_options
@click.option(
    "--format",
    "answer_format",
    type=click.Choice(["table", "json", "csv", "geojson"]),
    default="table",
    show_default=True,
)
@click.option("--out", type=ANY_PATH, help="Write the answers here, not to standard output.")
@click.option("--sheet", type=ANY_PATH, help="Draw queries beside their best places (PNG).")
@click.option(
    "--sheet-queries", type=click.IntRange(1, SHEET_QUERIES), default=8, show_default=True
)
@reading_options
@network_options
@click.option("--batch-size", type=POSITIVE, default=32, show_default=True)
@one_line_errors
def match(
    bundle: Path,
    sources: tuple[str, ...],
    gallery: str,
    view: "View",
    narrowing: Narrowing,
    answer_format: "AnswerFormat",
    out: Path | None,
    sheet: Path | None,
    sheet_queries: int,
    reading: Reading,
    **choice: Any,  # noqa: ANN401
) -> None:
    """
    Find the places of a gallery that images show.

    SOURCES are images, folders, globs, CSV or Parquet files with the columns id, path,
    latitude, longitude, heading, fov, or - for a list of paths on standard input. Where they
    hold coordinates, answers tell the error in metres.
    Exit status: 0 done, 1 some images could not be read (they are listed), 2 unusable input.
    """
    from ..bundle import Bundle
    from ..gallery import Gallery
    from ..matching_run import match_items, report

    silence_decoders()
    choice.update(areas=narrowing.areas(), view=view, progress=terminal_progress)
    opened, searched = Bundle.open(bundle), Gallery.open(gallery)
    queries = reading.items(sources, opened.preprocess(view))
    run = match_items(searched, opened, queries, **choice)
    text = report(run, answer_format, out=out, sheet=sheet, sheet_queries=sheet_queries)
    click.echo(text, nl=False)
    exit_with(run.failures)
