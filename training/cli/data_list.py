"""`clnet-data list`."""

from pathlib import Path

import click

from ...runtime.console import one_line_errors
from ...runtime.datasets import Layout, Split, read_places
from ...runtime.datasets.listing import write_listing
from ...runtime.preprocess import VIEWS, View
from .options import FOLDER, LAYOUT, NEW, SPLIT


@click.command("list", epilog="Example: clnet-data list town --view satellite --out tiles.csv")
@click.argument("folder", type=FOLDER)
@click.option("--layout", type=LAYOUT, default="cvusa", show_default=True)
@SPLIT
@click.option("--view", type=click.Choice(VIEWS), required=True)
@click.option("--out", type=NEW, required=True, help="CSV: id, path, latitude, longitude.")
@one_line_errors
def list_places(folder: Path, layout: Layout, split: Split | None, view: View, out: Path) -> None:
    """List one view of FOLDER for clnet-embed and clnet-match."""
    places = read_places(folder, layout, split)
    write_listing(places, view, out)
    click.echo(f"{out}: {len(places)} {view} images")
