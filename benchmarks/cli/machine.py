"""`clnet-bench machine`."""

import click

from ...runtime.console import one_line_errors


@click.command(epilog="Example: clnet-bench machine")
@one_line_errors
def machine() -> None:
    """Say what rows from this machine can tell: clocks, temperature, energy; measure nothing."""
    from ..machine.account import account

    click.echo(account())
