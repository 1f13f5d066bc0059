"""`clnet-embed`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..console import VERSION, one_line_errors, terminal_progress
from ..preprocess import VIEWS
from .map_options import Cutting, map_options
from .options import (
    ANY_PATH,
    POSITIVE,
    Reading,
    exit_with,
    network_options,
    reading_options,
    silence_decoders,
)
from .scale_options import Workers, scale_options

if TYPE_CHECKING:
    from ..preprocess import View

_EMBED_EXAMPLES = """\b
Examples:
  clnet-embed bundle tiles/ --view satellite --gallery gallery
  clnet-embed bundle places.csv --path-column satellite --view satellite --gallery gallery
  clnet-embed bundle ortho.tif --tile-m 70 --overlap 0.5 --view satellite --gallery gallery
  clnet-embed bundle s3://tiles/north --view satellite --gallery s3://galleries/north \\
      --failed failed.jsonl --ray auto
"""


@click.command(epilog=_EMBED_EXAMPLES, no_args_is_help=True)
@VERSION
@click.argument("bundle", type=ANY_PATH)
@click.argument("source")
@click.option("--view", type=click.Choice(VIEWS), required=True, help="Branch that embeds.")
@click.option("--gallery", required=True, help="Folder, or s3://…; made if it is not there.")
@reading_options
@map_options
@network_options
@scale_options
@click.option("--batch-size", type=POSITIVE, default=32, show_default=True)
@click.option("--decode-threads", type=POSITIVE, help="As many as cores, where not given.")
@click.option(
    "--dtype",
    "number_format",
    type=click.Choice(["float32", "float16"]),
    help="How a new gallery stores numbers: float32, where not given.",
)
@click.option("--failed", type=ANY_PATH, help="Lists unreadable images; GALLERY/failed.jsonl.")
@click.option("--json", "json_path", type=ANY_PATH, help="Write the figures here, too.")
@one_line_errors
def embed(
    bundle: Path,
    source: str,
    view: "View",
    gallery: str,
    reading: Reading,
    cutting: Cutting | None,
    workers: Workers,
    json_path: Path | None,
    **choice: Any,  # noqa: ANN401
) -> None:
    """
    Embed the images of SOURCE into a gallery; ids that it holds are skipped.

    SOURCE is an image, a folder, a glob in quotes, a CSV or Parquet file with the columns id,
    path, latitude, longitude, heading, fov, or - for a list of paths on standard input. With
    --tile-m it is a map: a GeoTIFF, a folder, glob or mosaic (.vrt) of GeoTIFFs, a folder of XYZ
    tiles, or MBTiles. Killed or stopped, the same command goes on where it was.
    Exit status: 0 done, 1 some images could not be read (they are listed), 2 unusable input.
    """
    from ..bundle import Bundle

    silence_decoders()
    opened = Bundle.open(bundle)
    own = opened.preprocess(view)
    items = cutting.items(source) if cutting else reading.items([source], own)
    run = workers.embed_into(gallery, opened, view, items, **choice, progress=terminal_progress)
    click.echo(run.figures.line())
    if json_path is not None:
        run.figures.write(json_path)
    exit_with(run.first_failures, run.failed, run.failed_list)
