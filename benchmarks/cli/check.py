"""`clnet-bench check`."""

import sys
from pathlib import Path

import click

from ...runtime.console import NO, one_line_errors
from ..guard.methods import METHODS, Method
from .options import ANY_PATH, COUNT, JSON

_CHECK_EXAMPLES = """\b
Examples:
  clnet-bench check
  clnet-bench check --record --runs 3     (on a quiet machine; then commit the file)
  clnet-bench check --prove --trials 10   (plants slowdowns: does the guard call them?)
"""


@click.command(epilog=_CHECK_EXAMPLES)
@click.option("--record", "mode", flag_value="record", help="Add runs to the committed ones.")
@click.option("--prove", "mode", flag_value="prove", help="Plant slowdowns: are they called?")
@click.option("--runs", type=COUNT, default=1, show_default=True, help="With --record: how many.")
@click.option("--trials", type=COUNT, default=10, show_default=True, help="With --prove: how many.")
@click.option("--results", type=ANY_PATH, default="benchmarks/results", show_default=True)
@click.option("--plant", type=click.Choice(METHODS), hidden=True, help="Slow this one by 10 %.")
@JSON
@one_line_errors
def check(
    mode: str | None,
    runs: int,
    trials: int,
    results: Path,
    plant: Method | None,
    json_path: Path | None,
) -> None:
    """
    Has a change of ours made anything slower? By ratios to yardsticks, never by times.

    Compares a run on the demo network, with random weights, with those that are committed for this
    machine. Exit status 1: something became slower; 2: nothing usable is committed.
    """
    from ..guard.check import check_ratios, record_ratios
    from ..guard.judgement import SLOWDOWN
    from ..guard.proof import prove_guard
    from ..guard.text import check_text, proof_text
    from ..measuring.stages import stages
    from ..records.lines import write_lines

    if mode == "record":
        path, held = record_ratios(results=results, runs=runs, progress=stages)
        click.echo(f"{path}: {held} runs")
    elif mode == "prove":
        proof = prove_guard(trials=trials, results=results, progress=stages)
        click.echo(proof_text(proof))
        sys.exit(0 if proof.holds else NO)
    else:
        planted = {plant: SLOWDOWN} if plant else {}
        report = check_ratios(results=results, planted=planted, progress=stages)
        click.echo(check_text(report))
        if json_path is not None:
            write_lines(report.rows, json_path)
        sys.exit(NO if report.called("slower") else 0)
