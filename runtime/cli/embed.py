"""`clnet-embed`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console import VERSION, one_line_errors, terminal_progress
from ..preprocess import VIEWS
from .options import ANY_PATH, BACKENDS_HELP, POSITIVE, exit_with, silence_decoders

if TYPE_CHECKING:
    from ..backends import BackendName
    from ..bundle import Precision
    from ..gallery_table import NumberFormat
    from ..preprocess import View

_EMBED_EXAMPLES = """\b
Examples:
  clnet-embed bundle tiles/ --view satellite --gallery gallery
  clnet-embed bundle places.csv --path-column satellite --view satellite --gallery gallery
"""


@click.command(epilog=_EMBED_EXAMPLES, no_args_is_help=True)
@VERSION
@click.argument("bundle", type=ANY_PATH)
@click.argument("source")
@click.option("--view", type=click.Choice(VIEWS), required=True, help="Branch that embeds.")
@click.option("--gallery", type=ANY_PATH, required=True, help="Folder; made if it is not there.")
@click.option("--path-column", default="path", show_default=True, help="Column of the images.")
@click.option("--backend", default="onnxruntime", show_default=True, help=BACKENDS_HELP)
@click.option(
    "--precision", type=click.Choice(["fp32", "fp16"]), help="fp32 on a CPU, else the manifest's."
)
@click.option("--batch-size", type=POSITIVE, default=32, show_default=True)
@click.option(
    "--dtype",
    type=click.Choice(["float32", "float16"]),
    default="float32",
    show_default=True,
    help="How a new gallery stores numbers.",
)
@click.option("--json", "json_path", type=ANY_PATH, help="Write the figures here, too.")
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
    from ..bundle import Bundle
    from ..embedding_run import embed_into
    from ..sources import read_source

    silence_decoders()
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
    exit_with(run.failures)
