"""`clnet-bench ablation`."""

from pathlib import Path
from typing import Any

import click

from ...runtime.console import one_line_errors, terminal_progress
from ...runtime.datasets import LAYOUTS
from ...runtime.extras import need_extra
from .experiment_options import training_options

_EXAMPLES = """\b
Examples:
  clnet-bench ablation --data town --config configs/ablation.yaml --out runs
  clnet-bench ablation --data town --config configs/ablation.yaml --out runs \\
      --rival --transfer easy:cvusa --transfer other:cvact --json ablation.jsonl
"""


def _targets(
    context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> tuple[tuple[Path, str], ...]:
    found = []
    for text in texts:
        folder, _, layout = text.rpartition(":")
        if layout not in LAYOUTS or not folder:
            known = ", ".join(LAYOUTS)
            raise click.BadParameter(
                f"{text!r}: expected DIR:LAYOUT, with one of {known}", context, option
            )
        found.append((Path(folder), layout))
    return tuple(found)


@click.command(epilog=_EXAMPLES)
@training_options(seeds="0,1,2")
@click.option("--rival", is_flag=True, help="Also train maps computed from each image.")
@click.option("--transfer", multiple=True, metavar="DIR:LAYOUT", callback=_targets,
              help="Evaluate on another data set, too; may be repeated.")  # fmt: skip
@one_line_errors
def ablation(json_path: Path | None, transfer: tuple[Any, ...], **choice: Any) -> None:  # noqa: ANN401
    """Train baseline, + maps and GFR, + NEC with several seeds; say what each step adds."""
    need_extra("train")
    need_extra("train", "scipy")
    from ..ablation.ablation import Target, run_ablation
    from ..experiments.settings import settings_of
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    settings = settings_of(**choice, progress=terminal_progress)
    rows = run_ablation(**settings, transfer=[Target(*one) for one in transfer])
    if json_path is not None:
        write_lines(rows, json_path)
    click.echo(report_text(rows))
