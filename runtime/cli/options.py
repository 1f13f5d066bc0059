"""What the commands of this folder share: groups of options, and how unreadable images end."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cv2

from ..console import NO
from ..panorama import PROJECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..embedder import Failure
    from ..item import Item
    from ..panorama import Projection
    from ..preprocess import Preprocess

Command = Callable[..., None]

BACKENDS_HELP = (
    "onnxruntime or openvino (CPU), onnxruntime-cuda, onnxruntime-tensorrt or tensorrt (engines)."
)

ANY_PATH = click.Path(path_type=Path)
POSITIVE = click.IntRange(min=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read."""

    path_column: str
    heading_deg: float | None
    fov_deg: float | None
    projection: "Projection"

    def items(self, sources: "Sequence[str]", preprocess: "Preprocess") -> "Sequence[Item]":
        """List the images of sources, for the branch that will embed them."""
        from ..sources import read_sources, with_crop

        return with_crop(
            read_sources(sources, path_column=self.path_column),
            preprocess,
            heading_deg=self.heading_deg,
            fov_deg=self.fov_deg,
            projection=self.projection,
        )


_READING = (
    click.option("--path-column", default="path", show_default=True, help="Column of the images."),
    click.option(
        "--heading",
        "heading_deg",
        type=float,
        help="Where the photographs look, in degrees clockwise from north; needs --fov.",
    ),
    click.option(
        "--fov", "fov_deg", type=float, help="Their horizontal field of view, in degrees."
    ),
    click.option(
        "--projection",
        type=click.Choice(PROJECTIONS),
        default="equirectangular",
        show_default=True,
        help="Strips of panoramas, or common photographs.",
    ),
)

_NETWORK = (
    click.option("--backend", default="onnxruntime", show_default=True, help=BACKENDS_HELP),
    click.option(
        "--precision",
        type=click.Choice(["fp32", "fp16", "bf16"]),
        help="fp32 on a CPU, else the manifest's; bf16 is openvino's alone.",
    ),
)


def reading_options(command: Command) -> Command:
    """Give a command the options of `Reading`; it takes them as one keyword, `reading`."""
    names = [field.name for field in fields(Reading)]

    @wraps(command)
    def gathered(**values: Any) -> None:  # noqa: ANN401
        reading = Reading(**{name: values.pop(name) for name in names})
        command(reading=reading, **values)

    return with_options(_READING, gathered)


def network_options(command: Command) -> Command:
    """Give a command `--backend` and `--precision`."""
    return with_options(_NETWORK, command)


def silence_decoders() -> None:
    """Keep OpenCV quiet: what it cannot decode is in our own list, with the file's name."""
    where = cv2 if hasattr(cv2, "setLogLevel") else cv2.utils.logging  # OpenCV 4, OpenCV 5
    where.setLogLevel(0)


def exit_with(
    failures: "Sequence[Failure]", count: int | None = None, listed: Path | None = None
) -> None:
    """
    Tell about unreadable images on standard error and exit with status 1, if there are any.

    Args:
        failures: all of them, or the first ones.
        count: how many there are; None: as many as `failures`.
        listed: the file that lists all of them, if there is one.

    """
    for failure in failures:
        tile = f"{failure.item.id}: " if failure.item.tile else ""  # a map's tiles share its path
        click.echo(f"unreadable: {tile}{failure.reason}", err=True)
    if failures and listed is not None:
        click.echo(f"{count or len(failures):,} unreadable images, listed in {listed}", err=True)
    if failures:
        sys.exit(NO)


def with_options(options: "Sequence[Callable[[Command], Command]]", command: Command) -> Command:
    """Give a command several options, in the order in which its help shall show them."""
    for option in reversed(options):
        command = option(command)
    return command
