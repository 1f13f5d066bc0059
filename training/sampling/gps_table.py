"""The nearest places of each place, on the globe."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...runtime.cores import usable_cores
from ...runtime.datasets import Place
from ...runtime.errors import ConfigError
from ...runtime.extras import need_extra
from .tiles import Tiles

BLOCK = 2048
"""Places that are asked for at a time; bounds the memory of what the tree returns."""


def gps_table(places: Sequence[Place], size: int) -> NDArray[np.int32]:
    """
    Find each place's nearest others by great circle, exactly.

    Chords between unit vectors rank as great circles do. Left out are places on the same tile and
    on tiles that also show the place: they are no negatives of it.

    Args:
        places: P places with coordinates.
        size: T.

    Returns:
        [P, T] int32, rows of `places`, nearest first, equal distances in their order; -1 where
        there are fewer.

    Raises:
        ConfigError: a place has no coordinates.
        ExtraMissing: scipy is not installed.

    """
    need_extra("train", "scipy")
    from scipy.spatial import cKDTree

    points, tiles = _unit_vectors(places), Tiles.of(places)
    per_tile = np.bincount(tiles.of_place, minlength=tiles.count)
    excluded = [int(per_tile[list(tiles.shown(row))].sum()) for row in range(len(places))]
    tree = cKDTree(points)
    table = np.full((len(places), size), -1, np.int32)
    for first in range(0, len(places), BLOCK):
        block = range(first, min(first + BLOCK, len(places)))
        asked = min(len(places), size + max(excluded[first : first + BLOCK]))
        chords, rows = tree.query(
            points[first : block.stop], k=np.arange(1, asked + 1), workers=usable_cores()
        )
        rows = np.take_along_axis(rows, np.lexsort((rows, chords)), axis=1)
        for place, found in zip(block, rows, strict=True):
            same = np.isin(tiles.of_place[found], tiles.shown(place))
            kept = found[~same][:size]
            table[place, : len(kept)] = kept
    return table


def _unit_vectors(places: Sequence[Place]) -> NDArray[np.float64]:
    degrees = np.array(
        [(place.latitude, place.longitude) for place in places], np.float64
    )  # None becomes NaN
    unknown = np.flatnonzero(np.isnan(degrees).any(axis=1))
    if len(unknown):
        first = places[int(unknown[0])]
        raise ConfigError(
            f"negatives by gps need coordinates: {len(unknown)} of {len(places)} training places "
            f"have none, the first is {first.id} ({first.row or first.ground}); add the "
            "benchmark's file of coordinates, or set negatives.kind to similarity or none"
        )
    latitude, longitude = np.radians(degrees).T
    return np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ],
        axis=1,
    )
