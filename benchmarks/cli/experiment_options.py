"""Options of the experiments, which train networks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ...runtime.datasets import LAYOUTS
from .options import JSON

Command = TypeVar("Command", bound=Callable[..., Any])

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
LAYOUT = click.Choice(LAYOUTS)


def whole_numbers(
    context: click.Context, option: click.Parameter, text: str, least: int = 0
) -> tuple[int, ...]:
    """Read `0,1,2`, each once."""
    try:
        numbers = tuple(dict.fromkeys(int(one) for one in text.split(",")))
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: expected such as 0,1,2", context, option) from error
    if min(numbers) < least:
        raise click.BadParameter(f"{text!r}: expected {least} or more each", context, option)
    return numbers


def counts(context: click.Context, option: click.Parameter, text: str) -> tuple[int, ...]:
    """Read `1,2,3`, each at least one."""
    return whole_numbers(context, option, text, least=1)


def training_options(seeds: str) -> Callable[[Command], Command]:
    """Add what an experiment trains, on what, where to and how often."""

    def add(command: Command) -> Command:
        for option in reversed(
            (
                click.option("--data", type=FOLDER, required=True, help="The data set."),
                click.option(
                    "--layout", type=LAYOUT, help="How it lies on disk; the configuration's."
                ),
                click.option(
                    "--config", "config_path", type=click.Path(path_type=Path), required=True,
                    help="YAML of clnet-train: the whole network, with NEC.",
                ),
                click.option("--seeds", callback=whole_numbers, default=seeds, show_default=True),
                click.option(
                    "--out", type=click.Path(path_type=Path), required=True,
                    help="Folder of the runs; finished ones are not repeated.",
                ),
                JSON,
            )
        ):  # fmt: skip
            command = option(command)
        return command

    return add
