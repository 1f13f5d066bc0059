"""Sharing a town's places out over worlds."""

from dataclasses import dataclass
from typing import Literal

from .config import TownConfig
from .geography import Degrees, world_corner

Subject = Literal["street", "building"]
"""What a place is: a spot that somebody stands on, or a building that a drone circles."""

Stream = Literal["train", "val", "both"]
STREAMS: tuple[Stream, ...] = ("train", "val", "both")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One world's share of a town."""

    stream: Stream
    """Which worlds it is one of: to train on, held out, or with places of both kinds. Worlds of
    different streams or numbers never share a seed, whatever the layout."""

    number: int
    """Number of the world within its stream, from 0."""

    first_id: int
    """Id of its first place."""

    count: int
    """Places to photograph."""

    quota: int
    """Places that a full world has; the last one of a stream may photograph fewer."""

    spacing_m: float
    """Smallest distance between two of its places, in metres."""

    corner: Degrees
    """Latitude and longitude of its north-west corner."""

    subject: Subject = "street"
    """What its places are."""

    twin_m: float | None = None
    """Every second place stands at most so many metres from the one before; None: none does."""

    name: str = ""
    """Of the city that it is a part of, where a layout has cities."""

    @property
    def seeds(self) -> tuple[int, int]:
        """What tells this world from every other one of a town's seed."""
        return STREAMS.index(self.stream), self.number


def training_worlds(config: TownConfig, origin: Degrees) -> list[Assignment]:
    """Deal the training places, ids from 1, over worlds that fill rows southwards of `origin`."""
    shares = _shares(config.places, config.places_per_world)
    return [
        Assignment(
            stream="train",
            number=number,
            first_id=1 + start,
            count=count,
            quota=config.places_per_world,
            spacing_m=config.spacing_m,
            corner=world_corner(origin, number, config.world_side_m, held_out=False),
        )
        for number, (start, count) in enumerate(shares)
    ]


def held_out_worlds(
    config: TownConfig,
    origin: Degrees,
    *,
    first_id: int,
    first_number: int = 0,
    places: int | None = None,
    twin_m: float | None = None,
) -> list[Assignment]:
    """
    Deal test places over worlds that fill rows northwards of `origin`.

    Args:
        config: the town.
        origin: latitude and longitude of the town, in degrees.
        first_id: id of the first test place.
        first_number: number of the first world: further ones than those of an earlier call.
        places: how many; None takes the config's `test_places`.
        twin_m: largest distance, in metres, of every second place from the one before.

    """
    wanted = config.test_places if places is None else places
    shares = _shares(wanted, config.test_places_per_world)
    return [
        Assignment(
            stream="val",
            number=number,
            first_id=first_id + start,
            count=count,
            quota=config.test_places_per_world,
            spacing_m=config.test_spacing_m,
            corner=world_corner(origin, number, config.world_side_m, held_out=True),
            twin_m=twin_m,
        )
        for number, (start, count) in enumerate(shares, first_number)
    ]


def _shares(places: int, quota: int) -> list[tuple[int, int]]:
    """First place and number of places of each world."""
    return [(start, min(quota, places - start)) for start in range(0, places, quota)]
