"""`clnet-bench`."""

from pathlib import Path
from typing import Any

import click

from ..runtime.backends import BACKENDS, PRECISIONS
from ..runtime.console import VERSION, one_line_errors, terminal_progress
from .matching.vectors import VECTORS

ANY_PATH = click.Path(path_type=Path)
COUNT = click.IntRange(min=1)
JSON = click.option("--json", "json_path", type=ANY_PATH, help="Write the rows as JSON lines.")

_LATENCY_EXAMPLES = """\b
Examples:
  clnet-bench latency bundle --batch 1 --json latency.jsonl
  clnet-bench latency bundle --backend tensorrt --batch 1 --json row.jsonl
  clnet-bench latency bundle --all-backends
  clnet-bench latency --network clnet-tiny --batch 8
  clnet-bench latency --config configs/demo.yaml
"""

_MATCHING_EXAMPLES = """\b
Examples:
  clnet-bench matching --json matching.jsonl
  clnet-bench matching --queries 1 --gallery 200000 --dim 512
  clnet-bench matching --data clustered
"""


_EMBEDDING_EXAMPLES = """\b
Examples:
  clnet-bench embedding --json embedding.jsonl
  clnet-bench embedding bundle --backend openvino --images 32
  clnet-bench embedding --config configs/demo.yaml --memory 5000
"""


@click.group(epilog="Example: clnet-bench latency bundle --json latency.jsonl")
@VERSION
def bench() -> None:
    """Measure: methods in turn, each in its own process; figures are measured or absent."""


@bench.command(epilog=_LATENCY_EXAMPLES)
@click.argument("bundle", type=ANY_PATH, required=False)
@click.option("--config", "config_path", type=ANY_PATH, help="Or a YAML file; random weights.")
@click.option("--network", type=click.Choice(["clnet-tiny"]), help="Or by name; the default.")
@click.option(
    "--backend",
    "backends",
    type=click.Choice(BACKENDS),
    multiple=True,
    help="Measure these alone, as clnet-embed runs them; may be repeated.",
)
@click.option(
    "--precision",
    type=click.Choice(PRECISIONS),
    help="With --backend: fp32 on a CPU, else the manifest's; bf16 is openvino's alone.",
)
@click.option("--all-backends", is_flag=True, help="Measure all that can run here, and advise.")
@click.option("--batch", type=COUNT, default=8, show_default=True, help="Images of each view.")
@click.option("--rounds", type=COUNT, default=10, show_default=True, help="Turns of each method.")
@JSON
@one_line_errors
def latency(json_path: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """
    Time both branches of BUNDLE against PyTorch: from a batch in memory to embeddings.

    With --backend or --all-backends, time backends instead, from uint8 images to embeddings.
    """
    from .latency.run import latency_run
    from .measuring.stages import stages
    from .records.result import write_lines
    from .tables.tables import latency_text

    reports = latency_run(**choice, progress=stages)
    click.echo("\n\n".join(latency_text(report) for report in reports))
    if json_path is not None:
        write_lines([row for report in reports for row in report.rows], json_path)


@bench.command(epilog=_MATCHING_EXAMPLES)
@click.option("--queries", type=COUNT, default=1024, show_default=True)
@click.option("--gallery", type=COUNT, default=100_000, show_default=True, help="Rows.")
@click.option("--dim", type=COUNT, default=1024, show_default=True, help="Length of a row.")
@click.option("--k", type=COUNT, default=10, show_default=True, help="Matches of a query.")
@click.option("--rounds", type=COUNT, default=7, show_default=True, help="Runs of each method.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--data", type=click.Choice(list(VECTORS)), default="random", show_default=True)
@JSON
@one_line_errors
def matching(json_path: Path | None, **sizes: Any) -> None:  # noqa: ANN401
    """Time the exact top K against FAISS flat and the bare product, and check its ids."""
    from .matching.matching import measure_matching
    from .records.result import write_lines
    from .tables.tables import matching_text

    report = measure_matching(**sizes, progress=terminal_progress)
    click.echo(matching_text(report))
    if json_path is not None:
        write_lines(report.rows, json_path)


@bench.command(epilog="Example: clnet-bench ranking --json ranking.jsonl")
@click.option("--queries", type=COUNT, default=52_605, show_default=True)
@click.option("--gallery", type=COUNT, default=90_618, show_default=True, help="Rows.")
@click.option("--dim", type=COUNT, default=1024, show_default=True, help="Length of a row.")
@click.option("--rounds", type=COUNT, default=3, show_default=True, help="Runs of each method.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@JSON
@one_line_errors
def ranking(json_path: Path | None, **sizes: Any) -> None:  # noqa: ANN401
    """Time the ranks of true matches against the bare product; VIGOR's same-area size."""
    from .ranking.ranking import measure_ranking
    from .records.result import write_lines
    from .tables.tables import ranking_text

    rows = measure_ranking(**sizes, progress=terminal_progress)
    click.echo(ranking_text(rows))
    if json_path is not None:
        write_lines(rows, json_path)


@bench.command(epilog=_EMBEDDING_EXAMPLES)
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
    from .embedding.embedding import measure_embedding
    from .records.result import write_lines
    from .tables.tables import embedding_text

    report = measure_embedding(**choice, progress=terminal_progress)
    click.echo(embedding_text(report))
    if json_path is not None:
        write_lines(report.rows, json_path)
