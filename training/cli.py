"""`clnet-train`, `clnet-eval` and `clnet-data`."""

from pathlib import Path
from typing import Any

import click

from ..runtime.artifact import Artifact
from ..runtime.console import VERSION, one_line_errors, terminal_progress
from ..runtime.datasets import LAYOUTS, Layout, Split, read_places
from ..runtime.datasets.listing import write_listing
from ..runtime.extras import need_extra
from ..runtime.preprocess import VIEWS, View
from .recipes import RECIPES, RecipeName

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
NEW = click.Path(path_type=Path)
LAYOUT = click.Choice(LAYOUTS)
JSON = click.option("--json", "json_path", type=NEW, help="Write the figures here, too.")


@click.command(epilog="Example: clnet-train --config configs/demo.yaml --data town --out run")
@VERSION
@click.option("--config", "config_path", type=NEW, required=True, help="YAML; see configs/.")
@click.option("--data", type=FOLDER, required=True, help="The data set.")
@click.option("--out", type=NEW, required=True, help="Folder of the run: checkpoint and log.")
@click.option("--init", type=FOLDER, help="Start from this checkpoint's weights.")
@click.option("--resume", is_flag=True, help="Go on from the run's last saved state.")
@JSON
@one_line_errors
def train(
    config_path: Path,
    data: Path,
    out: Path,
    init: Path | None,
    resume: bool,
    json_path: Path | None,
) -> None:
    """Train a CLNet and print its recall on held-out places beside the linear floor."""
    need_extra("train")
    from .run import train_run
    from .train_config import read_train_config

    config = read_train_config(config_path)
    if init is not None:
        config = config.model_copy(update={"init": init})
    report = train_run(config, data, out, resume=resume, progress=terminal_progress)
    click.echo(f"held-out places: {report.recall.line()}")
    click.echo(f"linear floor:    R@1 {report.linear_floor_at_1:.1f}")
    click.echo(f"checkpoint:      {out}  (trained on {report.device} in {report.precision})")
    _write(report, json_path)


@click.command(epilog="Example: clnet-eval --bundle bundle --data town --layout cvusa")
@VERSION
@click.option("--checkpoint", type=FOLDER, help="A run of clnet-train (needs torch).")
@click.option("--bundle", type=FOLDER, help="A bundle of clnet-export (needs no torch).")
@click.option("--data", type=FOLDER, required=True, help="The data set.")
@click.option("--layout", type=LAYOUT, default="cvusa", show_default=True)
@click.option("--split", type=click.Choice(["train", "val"]), default="val", show_default=True)
@click.option("--maps", type=click.Choice(["learned", "uniform"]), default="learned",
              help="`uniform` flattens the neural maps: what do they contribute?")  # fmt: skip
@click.option("--precision", type=click.Choice(["fp32", "fp16"]), help="The bundle's graph.")
@JSON
@one_line_errors
def evaluate(json_path: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """Rank every ground image against every tile: R@1, R@5, R@10, R@1%."""
    from .evaluation_run import evaluation_run

    if (choice["checkpoint"] is None) == (choice["bundle"] is None):
        raise click.UsageError("give one of --checkpoint and --bundle")
    if choice["checkpoint"]:
        need_extra("train")
    score = evaluation_run(**choice, progress=terminal_progress)
    click.echo(score.line())
    _write(score, json_path)


@click.group(epilog="Example: clnet-data town --out town --places 4000 --test-places 500")
@VERSION
def data() -> None:
    """Make and check data sets."""


@data.command(epilog="Example: clnet-data town --out town --places 4000 --test-places 500")
@click.option("--out", type=NEW, required=True, help="New folder; CVUSA's layout.")
@click.option("--places", type=click.IntRange(1), default=4000, show_default=True)
@click.option("--test-places", type=click.IntRange(1), default=500, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--difficulty", type=click.Choice(["hard", "easy"]), default="hard")
@click.option("--layout", type=LAYOUT, default="cvusa", show_default=True)
@click.option("--workers", type=click.IntRange(1), help="Processes; default: all usable cores.")
@one_line_errors
def town(out: Path, layout: Layout, workers: int | None, **choice: Any) -> None:  # noqa: ANN401
    """Render a procedural town: panoramas and tiles of places with coordinates."""
    from .town import TownConfig, write_town

    del layout  # one so far
    report = write_town(TownConfig(**choice), out, workers=workers, progress=terminal_progress)
    click.echo(
        f"{out}: {report.places} training and {report.test_places} test places of {report.worlds} "
        f"worlds, {report.pairs_per_cpu_s:.0f} pairs a CPU-second; see contact_sheet.png"
    )


@data.command("list", epilog="Example: clnet-data list town --view satellite --out tiles.csv")
@click.argument("folder", type=FOLDER)
@click.option("--layout", type=LAYOUT, default="cvusa", show_default=True)
@click.option("--split", type=click.Choice(["train", "val"]), default="val", show_default=True)
@click.option("--view", type=click.Choice(VIEWS), required=True)
@click.option("--out", type=NEW, required=True, help="CSV: id, path, latitude, longitude.")
@one_line_errors
def list_places(folder: Path, layout: Layout, split: Split, view: View, out: Path) -> None:
    """List one view of FOLDER for clnet-embed and clnet-match."""
    places = read_places(folder, layout, split)
    write_listing(places, view, out)
    click.echo(f"{out}: {len(places)} {view} images")


@data.command(
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
    from .foreign_weights import import_weights

    source = import_weights(file, recipe, out, backbone)
    click.echo(f"checkpoint: {out}")
    click.echo(source.line())


def _write(figures: Artifact, path: Path | None) -> None:
    if path is not None:
        figures.write(path)
