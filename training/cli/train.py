"""`clnet-train`."""

from pathlib import Path

import click

from ...runtime.console import VERSION, one_line_errors, terminal_progress
from ...runtime.extras import need_extra
from .options import FOLDER, JSON, NEW, SKIP_BROKEN, write_figures
from .train_report import show


@click.command(epilog="Example: clnet-train --config configs/demo.yaml --data town --out run")
@VERSION
@click.option("--config", "config_path", type=NEW, required=True, help="YAML; see configs/.")
@click.option("--data", type=FOLDER, required=True, help="The data set.")
@click.option("--out", type=NEW, required=True, help="Folder of the run: checkpoint and log.")
@click.option("--init", type=FOLDER, help="Start from this checkpoint's weights.")
@click.option("--pretrained", type=NEW, help="Start from this file of timm's weights.")
@click.option("--resume", is_flag=True, help="Go on from the run's last saved state.")
@SKIP_BROKEN
@JSON
@one_line_errors
def train(
    config_path: Path,
    data: Path,
    out: Path,
    init: Path | None,
    pretrained: Path | None,
    resume: bool,
    skip_broken: bool,
    json_path: Path | None,
) -> None:
    """Train a CLNet and print its recall on held-out places beside the linear floor."""
    need_extra("train")
    from ..run import train_run
    from ..train_config import read_train_config

    given = {name: path for name, path in (("init", init), ("pretrained", pretrained)) if path}
    config = read_train_config(config_path).changed(**given)
    report = train_run(
        config, data, out, resume=resume, skip_broken=skip_broken, progress=terminal_progress
    )
    if report.main:
        show(report, out)
        write_figures(report, json_path)
