"""`clnet-train`."""

from pathlib import Path

import click

from ...runtime.console import VERSION, one_line_errors, terminal_progress
from ...runtime.extras import need_extra
from .options import FOLDER, JSON, NEW, write_figures


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
    from ..run import train_run
    from ..train_config import read_train_config

    config = read_train_config(config_path)
    if init is not None:
        config = config.model_copy(update={"init": init})
    report = train_run(config, data, out, resume=resume, progress=terminal_progress)
    click.echo(f"held-out places: {report.recall.line()}")
    click.echo(f"linear floor:    R@1 {report.linear_floor_at_1:.1f}")
    click.echo(f"checkpoint:      {out}  (trained on {report.device} in {report.precision})")
    write_figures(report, json_path)
