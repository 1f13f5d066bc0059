"""`clnet-bench nec`."""

from pathlib import Path
from typing import Any, get_args

import click

from ...runtime.console import one_line_errors, terminal_progress
from ...runtime.extras import need_extra
from ..records.nec_result import Activation
from .experiment_options import counts, training_options
from .options import ANY_PATH, writable

_EXAMPLES = """\b
Examples:
  clnet-bench nec --data town --config configs/ablation.yaml --out runs --json nec.jsonl
  clnet-bench nec --data town --config configs/ablation.yaml --out runs --grid
"""


def _activations(
    context: click.Context, option: click.Parameter, text: str
) -> tuple[Activation, ...]:
    known: tuple[Activation, ...] = get_args(Activation)
    chosen = tuple(one for one in known if one in text.split(","))
    if len(chosen) != len(set(text.split(","))):
        raise click.BadParameter(f"{text!r}: expected among {', '.join(known)}", context, option)
    return chosen


def _picture(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse another format before hours are spent on what it shall show."""
    if path is not None and path.suffix not in (".png", ".svg"):
        raise click.BadParameter(f"{path}: expected .png or .svg", context, option)
    return writable(context, option, path)


@click.command(epilog=_EXAMPLES)
@training_options(seeds="0")
@click.option("--depths", callback=counts, default="1,2,3", show_default=True)
@click.option("--widths", callback=counts, default="16,64,256", show_default=True)
@click.option("--activations", callback=_activations, default="gelu,relu,tanh", show_default=True)
@click.option("--grid", is_flag=True, help="Every combination, not one property at a time.")
@click.option("--plot", type=ANY_PATH, callback=_picture,
              help="PNG or SVG; nec.png in --out if not given.")  # fmt: skip
@one_line_errors
def nec(json_path: Path | None, plot: Path | None, **choice: Any) -> None:  # noqa: ANN401
    """Train converters of other depths, widths and activations: recall against MACs."""
    need_extra("train")
    need_extra("bench", "matplotlib")
    from ..experiments.settings import settings_of
    from ..nec.nec import run_nec
    from ..nec.plot import plot_nec
    from ..records.lines import write_lines
    from ..tables.terminal import report_text

    rows = run_nec(**settings_of(**choice, progress=terminal_progress))
    if json_path is not None:
        write_lines(rows, json_path)
    plot_nec(rows, path := plot or choice["out"] / "nec.png")
    click.echo(f"{report_text(rows)}\nplot: {path}")
