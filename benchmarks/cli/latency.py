"""`clnet-bench latency`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.backends import BACKENDS, PRECISIONS
from ...runtime.console import one_line_errors
from .options import ANY_PATH, COUNT, JSON, finite

_LATENCY_EXAMPLES = """\b
Examples:
  clnet-bench latency bundle --batch 1 --json latency.jsonl
  clnet-bench latency bundle --backend tensorrt --batch 1 --batch 8 --json row.jsonl
  clnet-bench latency bundle --all-backends
  clnet-bench latency --network clnet-tiny --batch 8
  clnet-bench latency --config configs/demo.yaml
"""


@click.command(epilog=_LATENCY_EXAMPLES)
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
@click.option(
    "--batch",
    "batches",
    type=COUNT,
    multiple=True,
    default=(1, 8),
    show_default=True,
    help="Images of each view; may be repeated.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    callback=finite,
    default=5,
    show_default=True,
    help="Of turns, for each batch; slow networks take longer, and it is said.",
)
@click.option("--rounds", type=COUNT, help="Exactly so many turns of each method; else planned.")
@click.option(
    "--no-stages",
    "with_stages",
    flag_value=False,
    default=True,
    help="Leave out BUNDLE's start-up, decoding and the road from file to position.",
)
@click.option(
    "--places",
    type=COUNT,
    default=100_000,
    show_default=True,
    help="Of the gallery at the road's end.",
)
@JSON
@one_line_errors
def latency(
    json_path: Path | None,
    with_stages: bool,
    places: int,
    **choice: Any,  # noqa: ANN401
) -> None:
    """
    Time both branches of BUNDLE against PyTorch: from a batch in memory to embeddings.

    With --backend or --all-backends, time backends instead, from uint8 images to embeddings.
    Of a BUNDLE, what is around the branches is timed, too: see --no-stages.
    """
    from ..latency.run import latency_run
    from ..measuring.stages import stages
    from ..records.lines import write_lines
    from ..stages.run import stages_run
    from ..tables.terminal import report_text

    reports = latency_run(**choice, progress=stages)
    bundle, rounds = choice["bundle"] if with_stages else None, choice["rounds"]
    around = stages_run(reports, bundle, places=places, rounds=rounds, progress=stages)
    texts = [report_text(one.rows, [*one.notes, *one.advice]) for one in reports]
    texts += [report_text(one.rows, one.notes) for one in around]
    click.echo("\n\n".join(texts))
    if json_path is not None:
        rows = [row for one in reports for row in one.rows]
        write_lines([*rows, *(row for one in around for row in one.rows)], json_path)
