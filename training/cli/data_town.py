"""`clnet-data town`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import one_line_errors, terminal_progress
from ...runtime.datasets import Layout
from .options import LAYOUT, NEW


@click.command(epilog="Example: clnet-data town --out town --places 4000 --test-places 500")
@click.option("--out", type=NEW, required=True, help="New folder.")
@click.option(
    "--places", type=click.IntRange(1), default=4000, show_default=True, help="In all worlds."
)
@click.option(
    "--test-places", type=click.IntRange(1), default=500, show_default=True, help="In all worlds."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--difficulty", type=click.Choice(["hard", "easy"]), default="hard")
@click.option(
    "--layout", type=LAYOUT, default="cvusa", show_default=True, help="Whose files to write."
)
@click.option(
    "--tile-side-m",
    type=click.FloatRange(16, 256),
    default=64,
    show_default=True,
    help="Ground that a tile shows: two towns that differ in it are two domains.",
)
@click.option(
    "--vertical-view-deg",
    type=click.FloatRange(20, 120),
    default=46,
    show_default=True,
    help="Vertical field of view of a panorama.",
)
@click.option(
    "--drone-images", type=click.IntRange(1, 99), default=9, show_default=True, help="A building."
)
@click.option("--workers", type=click.IntRange(1), help="Processes; default: all usable cores.")
@one_line_errors
def town(out: Path, layout: Layout, workers: int | None, **choice: Any) -> None:  # noqa: ANN401
    """Render a procedural town: panoramas and tiles of places with coordinates."""
    from ..town import TownConfig, write_town

    config = TownConfig(**choice)
    report = write_town(config, out, layout=layout, workers=workers, progress=terminal_progress)
    click.echo(
        f"{out}: {report.summary} of {report.worlds} worlds, "
        f"{report.places_per_cpu_s:.0f} places a CPU-second; see contact_sheet.png"
    )
