"""What a search says about each query: places with score, margin, position and error."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field, PositiveInt

from .artifact import Artifact
from .gallery import GalleryRows
from .geo import distance_m
from .item import Item
from .matcher import Matches


class PlaceMatch(Artifact):
    """One place of the gallery, as an answer to one query."""

    rank: PositiveInt
    """1 is the best."""

    id: str
    """The place's id in the gallery."""

    path: str
    """The image that was embedded."""

    score: float
    """Cosine similarity in [-1, 1]."""

    margin: float | None = Field(ge=0)
    """Score less the next place's score; None for the gallery's last place."""

    latitude: float | None
    """WGS84 degrees; None where the gallery does not know."""

    longitude: float | None
    """WGS84 degrees; None where the gallery does not know."""

    error_m: float | None
    """Metres from the query's own position; None where either position is unknown."""


class Answer(Artifact):
    """All matches of one query, best first."""

    query: str
    """The query's id."""

    path: str
    """The query's image."""

    latitude: float | None
    """The query's own position, WGS84 degrees; None where the source does not say."""

    longitude: float | None
    """As `latitude`."""

    matches: tuple[PlaceMatch, ...]
    """The best K places."""


def answers_of(
    queries: Sequence[Item], gallery: GalleryRows, matches: Matches, k: int
) -> list[Answer]:
    """
    Put names and positions to row numbers.

    Args:
        queries: [Q] items.
        gallery: what was searched.
        matches: [Q, K'] rows and scores with K' ≥ k; one more than `k` gives the last place
            its margin.
        k: matches wanted per query.

    Returns:
        Q answers of `k` matches, in the order of `queries`.

    """
    return [
        Answer(
            query=item.id,
            path=str(item.path),
            latitude=item.latitude,
            longitude=item.longitude,
            matches=tuple(_match(item, gallery, matches, number, rank) for rank in range(k)),
        )
        for number, item in enumerate(queries)
    ]


def _match(
    item: Item, gallery: GalleryRows, matches: Matches, number: int, rank: int
) -> PlaceMatch:
    row = int(matches.rows[number, rank])
    scores = matches.scores[number]
    latitude, longitude = _known(gallery.latitudes[row]), _known(gallery.longitudes[row])
    return PlaceMatch(
        rank=rank + 1,
        id=gallery.ids[row],
        path=gallery.paths[row],
        score=float(scores[rank]),
        margin=float(scores[rank] - scores[rank + 1]) if rank + 1 < len(scores) else None,
        latitude=latitude,
        longitude=longitude,
        error_m=_error_m(item, latitude, longitude),
    )


def _known(degrees: np.float64) -> float | None:
    return None if np.isnan(degrees) else float(degrees)


def _error_m(item: Item, latitude: float | None, longitude: float | None) -> float | None:
    if latitude is None or longitude is None or item.latitude is None or item.longitude is None:
        return None
    return round(distance_m(item.latitude, item.longitude, latitude, longitude), 2)
