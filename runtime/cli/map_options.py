"""Options of commands that cut maps into tiles."""

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from .options import Command, with_options

if TYPE_CHECKING:
    from ..maps import MapItems


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a map is cut."""

    tile_m: float
    more: "dict[str, Any]"
    """Keywords of `read_map` that were given."""

    def items(self, source: str) -> "MapItems":
        """Lay a map out, and say on standard error how many tiles it gives."""
        from ..maps import read_map

        found = read_map(source, ground_size_m=self.tile_m, **self.more)
        click.echo(found.words, err=True)
        return found


_MORE = ("overlap", "zoom", "min_covered")

_OPTIONS = (
    click.option(
        "--tile-m", type=float, help="SOURCE is a map: cut it into squares of so many metres."
    ),
    click.option(
        "--overlap", type=float, help="Of neighbouring tiles, 0 to below 1.  [default: 0]"
    ),
    click.option("--zoom", type=int, help="Level of XYZ tiles or MBTiles; the finest useful one."),
    click.option(
        "--min-covered",
        type=float,
        help="Share of a tile that must hold data, else it is left out.  [default: 0.5]",
    ),
)


def map_options(command: Command) -> Command:
    """Give a command the options of `Cutting`; it takes them as `cutting`, or None."""

    @wraps(command)
    def gathered(tile_m: float | None, **values: Any) -> None:  # noqa: ANN401
        given = {name: values.pop(name) for name in _MORE}
        more = {name: value for name, value in given.items() if value is not None}
        if tile_m is None and more:
            option = next(iter(more)).replace("_", "-")
            raise click.UsageError(f"--{option} is about maps: it needs --tile-m")
        command(cutting=None if tile_m is None else Cutting(tile_m, more), **values)

    return with_options(_OPTIONS, gathered)
