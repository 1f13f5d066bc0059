"""`clnet-bench loading`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import one_line_errors, terminal_progress
from ...runtime.extras import need_extra
from .options import COUNT, JSON

_EXAMPLE = "Example: clnet-bench loading --data town --config configs/demo.yaml"


@click.command(epilog=_EXAMPLE)
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False),
              required=True, help="The data set.")  # fmt: skip
@click.option("--config", "config_path", type=click.Path(path_type=Path), required=True,
              help="YAML of clnet-train: sizes, augmentation, network and batch.")  # fmt: skip
@click.option("--batches", type=COUNT, default=8, show_default=True, help="Of one run.")
@click.option("--rounds", type=COUNT, default=5, show_default=True, help="Runs of each method.")
@JSON
@one_line_errors
def loading(data: Path, config_path: Path, json_path: Path | None, **counts: Any) -> None:  # noqa: ANN401
    """Time the loader alone, by threads, against what the trainer's step consumes."""
    need_extra("train")
    from ...training.train_config import read_train_config
    from ..loading.loading import measure_loading
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    rows = measure_loading(
        data, read_train_config(config_path), **counts, progress=terminal_progress
    )
    if json_path is not None:
        write_lines(rows, json_path)
    click.echo(report_text(rows))
