"""What `clnet-train` prints in the end."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...runtime.ranking import recall_text

if TYPE_CHECKING:
    from ..run import TrainReport


def show(report: "TrainReport", out: Path) -> None:
    """Print the scores, what they have to be read against, and where the checkpoint lies."""
    click.echo(recall_text(report.scores))
    if report.linear_floor_at_1 is not None:
        floor = f"R@1 {report.linear_floor_at_1:.2f}  (pairs, each tile once)"
        click.echo(f"linear floor:    {floor}")
    if report.broken:
        click.echo(f"left out:        {report.broken} rows and images, see {out / 'broken.txt'}")
    for split, count in sorted(report.absent.items()):
        if count:
            click.echo(f"absent:          {count} pairs of {split}, as the benchmark allows")
    for note in report.notes:
        click.echo(f"note:            {note}")
    where = f"{report.device} in {report.precision}"
    if report.processes > 1:
        where = f"{report.processes} processes on {where}"
    click.echo(f"checkpoint:      {out}  (trained on {where})")
