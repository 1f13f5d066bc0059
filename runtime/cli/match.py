"""`clnet-match`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console import VERSION, one_line_errors, terminal_progress
from ..preprocess import VIEWS
from .options import (
    ANY_PATH,
    BACKENDS_HELP,
    POSITIVE,
    Reading,
    exit_with,
    reading_options,
    silence_decoders,
)

if TYPE_CHECKING:
    from ..answer_formats import AnswerFormat
    from ..backends import BackendName, RunPrecision
    from ..preprocess import View

_MATCH_EXAMPLES = """\b
Examples:
  clnet-match bundle photo.jpg --gallery gallery
  clnet-match bundle places.csv --path-column street --gallery gallery \\
      --top-k 5 --format geojson --out matches.geojson --sheet sheet.png
"""


@click.command(epilog=_MATCH_EXAMPLES, no_args_is_help=True)
@VERSION
@click.argument("bundle", type=ANY_PATH)
@click.argument("sources", nargs=-1, required=True)
@click.option("--gallery", type=ANY_PATH, required=True, help="Made by clnet-embed.")
@click.option("--top-k", type=POSITIVE, help="Places a query; 10, or all of a smaller gallery.")
@click.option("--view", type=click.Choice(VIEWS), default="ground", show_default=True)
@click.option(
    "--format",
    "answer_format",
    type=click.Choice(["table", "json", "csv", "geojson"]),
    default="table",
    show_default=True,
)
@click.option("--out", type=ANY_PATH, help="Write the answers here, not to standard output.")
@click.option("--sheet", type=ANY_PATH, help="Draw queries beside their best places (PNG).")
@click.option("--sheet-queries", type=POSITIVE, default=8, show_default=True)
@reading_options
@click.option("--backend", default="onnxruntime", show_default=True, help=BACKENDS_HELP)
@click.option(
    "--precision",
    type=click.Choice(["fp32", "fp16", "bf16"]),
    help="fp32 on a CPU, else the manifest's; bf16 is openvino's alone.",
)
@one_line_errors
def match(
    bundle: Path,
    sources: tuple[str, ...],
    gallery: Path,
    top_k: int | None,
    view: "View",
    answer_format: "AnswerFormat",
    out: Path | None,
    sheet: Path | None,
    sheet_queries: int,
    reading: Reading,
    backend: "BackendName",
    precision: "RunPrecision | None",
) -> None:
    """
    Find the places of a gallery that images show.

    SOURCES are images, folders, globs, CSV or Parquet files with the columns id, path, latitude,
    longitude, heading, fov, or - for a list of paths on standard input. Where they hold
    coordinates, answers tell the error in metres.
    Exit status: 0 done, 1 some images could not be read (they are listed), 2 unusable input.
    """
    from ..bundle import Bundle
    from ..gallery import Gallery
    from ..matching_run import match_items, report

    silence_decoders()
    opened = Bundle.open(bundle)
    run = match_items(
        Gallery.open(gallery),
        opened,
        reading.items(sources, opened.preprocess(view)),
        top_k=top_k,
        view=view,
        backend=backend,
        precision=precision,
        progress=terminal_progress,
    )
    text = report(run, answer_format, out=out, sheet=sheet, sheet_queries=sheet_queries)
    click.echo(text, nl=False)
    exit_with(run.failures)
