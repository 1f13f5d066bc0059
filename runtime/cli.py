"""Commands: embed images into a gallery, match images against one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import cv2

from .console import NO, VERSION, one_line_errors, terminal_progress
from .preprocess import VIEWS

if TYPE_CHECKING:
    from .answer_formats import AnswerFormat
    from .backends import BackendName
    from .bundle import Precision
    from .embedder import Failure
    from .gallery_table import NumberFormat
    from .preprocess import View

_EMBED_EXAMPLES = """\b
Examples:
  clnet-embed bundle tiles/ --view satellite --gallery gallery
  clnet-embed bundle places.csv --path-column satellite --view satellite --gallery gallery
"""

_MATCH_EXAMPLES = """\b
Examples:
  clnet-match bundle photo.jpg --gallery gallery
  clnet-match bundle places.csv --path-column street --gallery gallery \\
      --top-k 5 --format geojson --out matches.geojson --sheet sheet.png
"""

_BACKENDS = "onnxruntime (CPU), onnxruntime-cuda, onnxruntime-tensorrt or tensorrt (engines)."

_SILENT = cv2.utils.logging.LOG_LEVEL_SILENT
"""OpenCV's log level: what it cannot decode is in our own list, with the file's name."""

_PATH = click.Path(path_type=Path)
_POSITIVE = click.IntRange(min=1)


@click.command(epilog=_EMBED_EXAMPLES, no_args_is_help=True)
@VERSION
@click.argument("bundle", type=_PATH)
@click.argument("source")
@click.option("--view", type=click.Choice(VIEWS), required=True, help="Branch that embeds.")
@click.option("--gallery", type=_PATH, required=True, help="Folder; made if it is not there.")
@click.option("--path-column", default="path", show_default=True, help="Column of the images.")
@click.option("--backend", default="onnxruntime", show_default=True, help=_BACKENDS)
@click.option(
    "--precision", type=click.Choice(["fp32", "fp16"]), help="fp32 on a CPU, else the manifest's."
)
@click.option("--batch-size", type=_POSITIVE, default=32, show_default=True)
@click.option(
    "--dtype",
    type=click.Choice(["float32", "float16"]),
    default="float32",
    show_default=True,
    help="How a new gallery stores numbers.",
)
@click.option("--json", "json_path", type=_PATH, help="Write the figures here, too.")
@one_line_errors
def embed(
    bundle: Path,
    source: str,
    view: "View",
    gallery: Path,
    path_column: str,
    backend: "BackendName",
    precision: "Precision | None",
    batch_size: int,
    dtype: "NumberFormat",
    json_path: Path | None,
) -> None:
    """
    Embed the images of SOURCE into a gallery; ids that it holds are skipped.

    SOURCE is an image, a folder, a glob in quotes, or a CSV or Parquet file with the columns
    id, path, latitude, longitude.
    Exit status: 0 done, 1 some images could not be read (they are listed), 2 unusable input.
    """
    from .bundle import Bundle
    from .embedding_run import embed_into
    from .sources import read_source

    cv2.utils.logging.setLogLevel(_SILENT)
    run = embed_into(
        gallery,
        Bundle.open(bundle),
        view,
        read_source(source, path_column=path_column),
        backend=backend,
        precision=precision,
        number_format=dtype,
        batch_size=batch_size,
        progress=terminal_progress,
    )
    click.echo(run.figures.line())
    if json_path is not None:
        run.figures.write(json_path)
    _exit_with(run.failures)


@click.command(epilog=_MATCH_EXAMPLES, no_args_is_help=True)
@VERSION
@click.argument("bundle", type=_PATH)
@click.argument("sources", nargs=-1, required=True)
@click.option("--gallery", type=_PATH, required=True, help="Made by clnet-embed.")
@click.option("--top-k", type=_POSITIVE, help="Places a query; 10, or all of a smaller gallery.")
@click.option("--view", type=click.Choice(VIEWS), default="ground", show_default=True)
@click.option(
    "--format",
    "answer_format",
    type=click.Choice(["table", "json", "csv", "geojson"]),
    default="table",
    show_default=True,
)
@click.option("--out", type=_PATH, help="Write the answers here, not to standard output.")
@click.option("--sheet", type=_PATH, help="Draw queries beside their best places (PNG).")
@click.option("--sheet-queries", type=_POSITIVE, default=8, show_default=True)
@click.option("--path-column", default="path", show_default=True, help="Column of the images.")
@click.option("--backend", default="onnxruntime", show_default=True, help=_BACKENDS)
@click.option(
    "--precision", type=click.Choice(["fp32", "fp16"]), help="fp32 on a CPU, else the manifest's."
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
    path_column: str,
    backend: "BackendName",
    precision: "Precision | None",
) -> None:
    """
    Find the places of a gallery that images show.

    SOURCES are images, folders, globs, or CSV or Parquet files with the columns id, path,
    latitude, longitude. Where they hold coordinates, answers tell the error in metres.
    Exit status: 0 done, 1 some images could not be read (they are listed), 2 unusable input.
    """
    from .bundle import Bundle
    from .gallery import Gallery
    from .matching_run import match_items, report
    from .sources import read_sources

    cv2.utils.logging.setLogLevel(_SILENT)
    run = match_items(
        Gallery.open(gallery),
        Bundle.open(bundle),
        read_sources(sources, path_column=path_column),
        top_k=top_k,
        view=view,
        backend=backend,
        precision=precision,
        progress=terminal_progress,
    )
    text = report(run, answer_format, out=out, sheet=sheet, sheet_queries=sheet_queries)
    click.echo(text, nl=False)
    _exit_with(run.failures)


def _exit_with(failures: "tuple[Failure, ...]") -> None:
    for failure in failures:
        click.echo(f"unreadable: {failure.reason}", err=True)
    if failures:
        sys.exit(NO)
