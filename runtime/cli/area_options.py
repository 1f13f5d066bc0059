"""Options of commands that search a part of the globe."""

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import ANY_PATH, Command, with_options

if TYPE_CHECKING:
    from ..areas import Area


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Where places must lie, as it was typed."""

    near: tuple[str, ...]
    boxes: tuple[str, ...]
    polygons: tuple[Path, ...]

    def areas(self) -> "tuple[Area, ...]":
        """Read what was typed; a place must lie inside all of them."""
        from ..areas import Polygon
        from ..areas.text import box_of, radius_of

        return (
            *(radius_of(text) for text in self.near),
            *(box_of(text) for text in self.boxes),
            *(Polygon.read(path) for path in self.polygons),
        )


_OPTIONS = (
    click.option(
        "--near",
        multiple=True,
        metavar="LAT,LON,RADIUS",
        help="Only places so near: 60.17,24.94,500m or 60.17,24.94,2km.",
    ),
    click.option(
        "--box",
        "boxes",
        multiple=True,
        metavar="SOUTH,WEST,NORTH,EAST",
        help="Only places in this box, in degrees; WEST > EAST crosses the antimeridian.",
    ),
    click.option(
        "--polygon",
        "polygons",
        multiple=True,
        type=ANY_PATH,
        metavar="FILE.geojson",
        help="Only places in its polygons. Several of these options narrow together.",
    ),
)


def area_options(command: Command) -> Command:
    """Give a command the options of `Narrowing`; it takes them as one keyword, `narrowing`."""

    @wraps(command)
    def gathered(
        near: tuple[str, ...],
        boxes: tuple[str, ...],
        polygons: tuple[Path, ...],
        **values: Any,  # noqa: ANN401
    ) -> None:
        command(narrowing=Narrowing(near, boxes, polygons), **values)

    return with_options(_OPTIONS, gathered)
