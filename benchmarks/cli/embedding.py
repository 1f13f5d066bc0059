"""`clnet-bench embedding`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.backends import BACKENDS, PRECISIONS
from ...runtime.console import one_line_errors, terminal_progress
from .options import ANY_PATH, COUNT, JSON

_EMBEDDING_EXAMPLES = """\b
Examples:
  clnet-bench embedding --json embedding.jsonl
  clnet-bench embedding bundle --backend openvino --images 32
  clnet-bench embedding --config configs/demo.yaml --memory 5000
"""


@click.command(epilog=_EMBEDDING_EXAMPLES)
@click.argument("bundle", type=ANY_PATH, required=False)
@click.option("--config", "config_path", type=ANY_PATH, help="Or a YAML file; random weights.")
@click.option("--backend", type=click.Choice(BACKENDS), default="onnxruntime", show_default=True)
@click.option(
    "--precision", type=click.Choice(PRECISIONS), help="fp32 on a CPU, else the manifest's."
)
@click.option("--images", type=COUNT, default=64, show_default=True, help="Files of each view.")
@click.option("--batch", type=COUNT, default=8, show_default=True, help="Images in a run.")
@click.option("--rounds", type=COUNT, default=5, show_default=True, help="Turns of each method.")
@click.option("--memory", "memory_images", type=COUNT, help="Embed so many into a gallery, too.")
@JSON
@one_line_errors
def embedding(json_path: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """
    Time JPEG files to embeddings beside the backend alone on the same images.

    The network is BUNDLE's, or clnet-tiny with random weights; the files have CVUSA's sizes.
    """
    from ..embedding.embedding import measure_embedding
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    report = measure_embedding(**choice, progress=terminal_progress)
    click.echo(report_text(report.rows, report.notes))
    if json_path is not None:
        write_lines(report.rows, json_path)
