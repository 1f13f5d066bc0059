"""`clnet-data import-weights`."""

from pathlib import Path

import click

from ...runtime.console import one_line_errors
from ...runtime.extras import need_extra
from ..recipes import RECIPES, RecipeName
from .options import NEW


@click.command(
    "import-weights",
    epilog="Example: clnet-data import-weights weights_e40.pth --recipe sample4geo-cvusa --out run",
)
@click.argument("file", type=NEW)
@click.option("--recipe", type=click.Choice(RECIPES), required=True, help="Trained for what?")
@click.option("--backbone", help="timm name; default: a ConvNeXt, told by its tensors' shapes.")
@click.option("--out", type=NEW, required=True, help="New folder: a checkpoint.")
@one_line_errors
def import_file(file: Path, recipe: RecipeName, backbone: str | None, out: Path) -> None:
    """Write a foreign FILE.pth as a checkpoint to export, evaluate or fine-tune."""
    need_extra("train")
    from ..foreign_weights import import_weights

    source = import_weights(file, recipe, out, backbone)
    click.echo(f"checkpoint: {out}")
    click.echo(source.line())
