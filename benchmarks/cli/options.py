"""Options that several benchmarks share."""

import math
from pathlib import Path

import click

ANY_PATH = click.Path(path_type=Path)
COUNT = click.IntRange(min=1)


def writable(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse a file that cannot be written before minutes are spent on what it shall hold."""
    if path is not None:
        if path.is_dir():
            raise click.BadParameter(f"{path} is a folder; name a file", context, option)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.BadParameter(f"cannot write {path}: {error}", context, option) from error
    return path


def finite(context: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Refuse nan and inf, which lie in no range and outside of none."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number to reckon with", context, option)
    return value


JSON = click.option(
    "--json",
    "json_path",
    type=ANY_PATH,
    callback=writable,
    help="Write the rows as JSON lines.",
)
