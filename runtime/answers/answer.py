"""What a search says about each query: places with score, margin, position and error."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field, FiniteFloat, PositiveInt

from ..artifact import Artifact
from ..embedder import Failure
from ..gallery import Places
from ..geo import distance_m
from ..item import Item
from ..matcher import Matches

_SCORE_DECIMALS = 7
"""float32 near 1 holds no more."""


class PlaceMatch(Artifact):
    """One place of the gallery, as an answer to one query."""

    rank: PositiveInt
    """1 is the best."""

    id: str
    """The place's id in the gallery."""

    path: str
    """The image or the tile of a map that was embedded; `pictures.read_picture` reads it."""

    score: FiniteFloat
    """Cosine similarity in [-1, 1], to 7 decimals."""

    margin: FiniteFloat | None = Field(ge=0)
    """
    Score less that of the next rank, whether that one is listed or not. None for the last of the
    places searched, and for rank 3,840 on a GPU, which ranks no further.
    """

    latitude: FiniteFloat | None
    """WGS84 degrees; None where the gallery does not know."""

    longitude: FiniteFloat | None
    """WGS84 degrees; None where the gallery does not know."""

    error_m: FiniteFloat | None
    """
    Metres from the query's own position along the great circle (`geo.distance_m`), to a
    centimetre; None where either position is unknown.
    """


class Answer(Artifact):
    """All matches of one query, best first."""

    query: str
    """The query's id."""

    path: str
    """The query's image; `pictures.read_picture` reads it."""

    latitude: FiniteFloat | None
    """The query's own position, WGS84 degrees; None where the source does not say."""

    longitude: FiniteFloat | None
    """As `latitude`."""

    matches: tuple[PlaceMatch, ...]
    """The best K places."""


@dataclass(frozen=True, slots=True)
class MatchingRun:
    """What one search found."""

    answers: tuple[Answer, ...]
    """One for each query that could be read, in their order."""

    failures: tuple[Failure, ...]
    """Queries that could not be read."""

    searched_places: int
    """Places inside all areas: what every query was compared with."""

    gallery_places: int
    """Places in the gallery."""


def answers_of(queries: Sequence[Item], places: Places, matches: Matches, k: int) -> list[Answer]:
    """
    Put names and positions to row numbers.

    Args:
        queries: [Q] items.
        places: [N'] what `matches.rows` counts.
        matches: [Q, K'] rows and scores with K' ≥ k; one more than `k` gives the last place
            its margin.
        k: matches wanted per query.

    Returns:
        Q answers of `k` matches, in the order of `queries`.

    """
    return [
        Answer(
            query=item.id,
            path=item.locator,
            latitude=item.latitude,
            longitude=item.longitude,
            matches=tuple(_match(item, places, matches, number, rank) for rank in range(k)),
        )
        for number, item in enumerate(queries)
    ]


def _match(item: Item, places: Places, matches: Matches, number: int, rank: int) -> PlaceMatch:
    row = int(matches.rows[number, rank])
    latitude, longitude = _known(places.latitudes[row]), _known(places.longitudes[row])
    score, *after = (_score(score) for score in matches.scores[number, rank : rank + 2])
    return PlaceMatch(
        rank=rank + 1,
        id=places.ids[row],
        path=places.paths[row],
        score=score,
        margin=round(score - after[0], _SCORE_DECIMALS) if after else None,
        latitude=latitude,
        longitude=longitude,
        error_m=_error_m(item, latitude, longitude),
    )


def _score(score: np.float32) -> float:
    return round(float(score), _SCORE_DECIMALS)


def _known(degrees: np.float64) -> float | None:
    return None if np.isnan(degrees) else float(degrees)


def _error_m(item: Item, latitude: float | None, longitude: float | None) -> float | None:
    if latitude is None or longitude is None or item.latitude is None or item.longitude is None:
        return None
    return round(distance_m(item.latitude, item.longitude, latitude, longitude), 2)
