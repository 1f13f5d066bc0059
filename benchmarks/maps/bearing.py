"""
Whether a channel's two maps look the same way: the plainest cross-view meaning that maps can have.

A panorama's columns and a north-up tile's cells both have a direction from the camera. If channel c
weighs the north-east of the panorama, a map with a cross-view meaning weighs the tile's north-east.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...runtime.panorama import Panorama
from ..experiments.map_figures import Map, weights
from ..records.maps_result import MapBearingResult
from .initial import initial_network
from .studied import Studied

PERMUTATIONS = 999

Directions = NDArray[np.float64]
"""[C, 2], each channel's weight to the east and to the north."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far directions agree, and how far by chance."""

    cosine: float
    """Of all channels' directions as one vector, in [-1, 1]; 0 where a view has none."""

    chance_high: float
    """95th percentile of the same with the channels of one view permuted."""

    p_value: float
    """Share of permutations that agree at least as far, the observed one counted in."""


def bearing_rows(run: Studied) -> Iterator[MapBearingResult]:
    """Compare the directions of N^g and N^s; no row where nobody knows how panoramas look."""
    panorama = run.network.config.ground.panorama
    if panorama is None or panorama.centre_heading_deg is None:
        return
    start = initial_network(run.config)
    for level, stage in enumerate(run.network.config.levels):
        before, after = (
            agreement(
                ground_directions(weights(network, level, "ground"), panorama),
                satellite_directions(weights(network, level, "satellite")),
            )
            for network in (start, run.network)
        )
        yield MapBearingResult(
            **run.fields,
            run=run.name,
            level=stage,
            agreement_before=before.cosine,
            agreement_after=after.cosine,
            chance_high=after.chance_high,
            p_value=after.p_value,
            permutations=PERMUTATIONS,
        )


def ground_directions(one: Map, panorama: Panorama) -> Directions:
    """Add up the directions of a panorama's columns by their weight; [C, H, W] to [C, 2]."""
    assert panorama.centre_heading_deg is not None
    columns = one.shape[2]
    turn = (np.arange(columns) + 0.5) / columns - 0.5
    heading = np.radians(panorama.centre_heading_deg + turn * panorama.fov_deg)
    directions: Directions = one.mean(axis=1) @ np.stack([np.sin(heading), np.cos(heading)], axis=1)
    return directions


def satellite_directions(one: Map) -> Directions:
    """Add up the directions of a north-up tile's cells by their weight; the centre has none."""
    _, height, width = one.shape
    east = (np.arange(width) + 0.5) / width - 0.5
    north = 0.5 - (np.arange(height) + 0.5) / height
    cells = np.stack(np.meshgrid(east, north), axis=-1).reshape(-1, 2)
    lengths = np.linalg.norm(cells, axis=1, keepdims=True)
    directions: Directions = one.reshape(len(one), -1) @ (cells / np.maximum(lengths, 1e-9))
    return directions


def agreement(ground: Directions, satellite: Directions, seed: int = 0) -> Agreement:
    """
    Take the cosine of two views' directions, all channels as one vector.

    By chance it is what a permutation of one view's channels gives: that keeps how often each
    direction is looked at, and loses which channel looks there.

    Args:
        ground: [C, 2].
        satellite: [C, 2].
        seed: of the permutations.

    """
    scale = float(np.linalg.norm(ground) * np.linalg.norm(satellite)) or 1.0
    random = np.random.default_rng(seed)
    found = float((ground * satellite).sum()) / scale
    chance = [
        float((ground * satellite[random.permutation(len(satellite))]).sum()) / scale
        for _ in range(PERMUTATIONS)
    ]
    as_far = sum(one >= found - 1e-9 for one in chance)
    return Agreement(found, float(np.quantile(chance, 0.95)), (1 + as_far) / (1 + PERMUTATIONS))
