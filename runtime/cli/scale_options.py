"""Options of commands that embed on more than one machine."""

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from .options import POSITIVE, Command, with_options

if TYPE_CHECKING:
    from ..embedding_run import EmbeddingRun


@dataclass(frozen=True, slots=True)
class Workers:
    """Who embeds."""

    address: str | None
    """Of a Ray cluster; None: this process."""

    count: int | None
    """How many of the cluster's workers; None: as many as fit."""

    def embed_into(self, *given: Any, **choice: Any) -> "EmbeddingRun":  # noqa: ANN401
        """Call `embed_into`, or what does the same with the cluster."""
        if self.address is None:
            from ..embedding_run import embed_into

            return embed_into(*given, **choice)
        from ..scale import RayCluster, embed_into_with_ray

        return embed_into_with_ray(RayCluster(self.address, self.count), *given, **choice)


_OPTIONS = (
    click.option(
        "--ray",
        "address",
        is_flag=False,
        flag_value="local",
        metavar="[ADDRESS]",
        help="Embed with Ray workers: of the cluster at HOST:PORT, of the one that runs here "
        "(auto), or of one for this run alone (no ADDRESS).",
    ),
    click.option(
        "--ray-workers", "count", type=POSITIVE, help="One a GPU, or one a machine on CPUs."
    ),
)


def scale_options(command: Command) -> Command:
    """Give a command the options of `Workers`; it takes them as one keyword, `workers`."""

    @wraps(command)
    def gathered(address: str | None, count: int | None, **values: Any) -> None:  # noqa: ANN401
        if count is not None and address is None:
            raise click.UsageError("--ray-workers needs --ray")
        command(workers=Workers(address, count), **values)

    return with_options(_OPTIONS, gathered)
