"""The task of benchmarks in which every ground image has one tile of its own."""

from collections.abc import Sequence

from .place import Place
from .task import GalleryRows, Picture, Protocol, Task


def paired_task(name: str, places: Sequence[Place]) -> Task:
    """Ask for each place's tile among the tiles of all."""
    return Task(
        name=name,
        query_view="ground",
        queries=tuple(
            Picture(place.id, place.ground, place.latitude, place.longitude, row=place.row)
            for place in places
        ),
        gallery=tuple(
            Picture(
                place.id, place.satellite, place.tile_latitude, place.tile_longitude, row=place.row
            )
            for place in places
        ),
        protocols=(Protocol("exact", GalleryRows.of([row] for row in range(len(places)))),),
    )
