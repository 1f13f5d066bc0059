"""`clnet-data list`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import one_line_errors
from ...runtime.datasets import Layout, Split, open_dataset
from ...runtime.datasets.listing import pictures_of, write_listing
from ...runtime.preprocess import VIEWS, View
from .options import AREA, FOLDER, LABELS, LAYOUT, NEW, SPLIT


@click.command("list", epilog="Example: clnet-data list town --view satellite --out tiles.csv")
@click.argument("folder", type=FOLDER)
@click.option("--layout", type=LAYOUT, default="cvusa", show_default=True)
@SPLIT
@AREA
@LABELS
@click.option("--view", type=click.Choice(VIEWS), required=True)
@click.option("--out", type=NEW, required=True, help="CSV: id, path, latitude, longitude.")
@one_line_errors
def list_places(
    folder: Path,
    layout: Layout,
    split: Split | None,
    view: View,
    out: Path,
    **choice: Any,  # noqa: ANN401
) -> None:
    """List one view of FOLDER for clnet-embed and clnet-match: each picture once."""
    dataset = open_dataset(folder, layout, **choice)
    pictures = pictures_of(dataset.tasks(split or dataset.held_out), view)
    write_listing(pictures, out)
    click.echo(f"{out}: {len(pictures)} {view} images")
