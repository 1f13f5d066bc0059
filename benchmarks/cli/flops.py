"""`clnet-bench flops`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import one_line_errors
from ..flops.networks import BENCHMARKS, NETWORKS
from .options import ANY_PATH, JSON

_FLOPS_EXAMPLES = """\b
Examples:
  clnet-bench flops --json flops.jsonl
  clnet-bench flops bundle
  clnet-bench flops --network clnet-tiny --benchmark vigor
  clnet-bench flops --baseline convnext_small --baseline my-network.yaml
  clnet-bench flops --config configs/demo.yaml
"""


@click.command(epilog=_FLOPS_EXAMPLES)
@click.argument("bundle", type=ANY_PATH, required=False)
@click.option(
    "--network", "networks", type=click.Choice(NETWORKS), multiple=True, help="May be repeated."
)
@click.option("--config", "config_path", type=ANY_PATH, help="Or a YAML file of clnet-train.")
@click.option(
    "--baseline",
    "baselines",
    metavar="NAME|YAML",
    multiple=True,
    help="Compare with a network, a YAML file or a timm model, pooled; may be repeated.",
)
@click.option(
    "--benchmark",
    "benchmarks",
    type=click.Choice(BENCHMARKS),
    multiple=True,
    help="Whose image sizes; all three, or with --config its own. May be repeated.",
)
@JSON
@one_line_errors
def flops(json_path: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """
    Count MACs and FLOPs, weights and activations of each module, by two independent means.

    The networks are clnet-tiny and sample4geo, or those that are named; of BUNDLE the graphs.
    """
    from ..flops.flops import measure_flops
    from ..measuring.stages import stages
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    report = measure_flops(**choice, progress=stages)
    click.echo(report_text(report.rows, report.notes))
    if json_path is not None:
        write_lines(report.rows, json_path)
