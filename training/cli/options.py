"""Options that several commands share."""

from pathlib import Path

import click

from ...runtime.artifact import Artifact
from ...runtime.datasets import LAYOUTS

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
NEW = click.Path(path_type=Path)
LAYOUT = click.Choice(LAYOUTS)
SPLIT = click.option(
    "--split",
    type=click.Choice(["train", "val", "test"]),
    help="Default: the benchmark's held-out one.",
)
AREA = click.option(
    "--area",
    type=click.Choice(["same", "cross"]),
    default="same",
    show_default=True,
    help="VIGOR: train and test in the same four cities, or two and two.",
)
LABELS = click.option(
    "--labels",
    type=click.Choice(["original", "corrected"]),
    default="original",
    show_default=True,
    help="VIGOR: splits/ as published, or splits__corrected/.",
)
SKIP_BROKEN = click.option(
    "--skip-broken", is_flag=True, help="Leave out, count and list what cannot be used."
)
JSON = click.option("--json", "json_path", type=NEW, help="Write the figures here, too.")


def write_figures(figures: Artifact, path: Path | None) -> None:
    """Write what `--json` asks for."""
    if path is not None:
        figures.write(path)
