"""The linear floor: what a linear method scores on a data set. Print it beside every score."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..runtime.errors import ShapeError

SECTORS = 8
"""Sectors of 45 degrees; the first begins in the south and they turn clockwise."""

REACH = 0.75
"""Part of a tile's half side that is averaged: farther ground is mostly hidden from a panorama."""

RIDGE = 1e-3
"""Share of a feature's mean variance that is added to every variance before whitening."""

Images = NDArray[np.uint8]
Floats = NDArray[np.float64]


Features = tuple[Callable[[Images], Floats], Callable[[Images], Floats]]
"""What is read off the ground images, and what off the tiles: [N, *, *, 3] uint8 to [N, F]."""


def linear_floor(
    train_ground: Images,
    train_satellite: Images,
    test_ground: Images,
    test_satellite: Images,
    features: Features | None = None,
) -> float:
    """
    Recall@1 of canonical correlation analysis on colours.

    A data set on which this already finds the places tells little about a network.

    Args:
        train_ground: [N, H, W, 3] uint8 ground images to fit on.
        train_satellite: [N, T, T, 3] uint8 tiles of the same places, north up.
        test_ground: [M, H, W, 3] uint8 queries.
        test_satellite: [M, T, T, 3] uint8 gallery; row i is the place of query i.
        features: what becomes of each view; None takes `BY_DIRECTION`.

    Returns:
        Percent of queries whose own tile is the best match; ties count against the query.

    Raises:
        ShapeError: an array is not [*, H, W, 3] uint8, or pairs do not match in number.

    """
    _check(train_ground=train_ground, train_satellite=train_satellite)
    _check(test_ground=test_ground, test_satellite=test_satellite)
    of_ground, of_tile = features or BY_DIRECTION
    views = of_ground(train_ground), of_tile(train_satellite)
    to_ground, to_satellite = _canonical_directions(*views)
    queries = _unit((of_ground(test_ground) - views[0].mean(axis=0)) @ to_ground)
    gallery = _unit((of_tile(test_satellite) - views[1].mean(axis=0)) @ to_satellite)
    similarity = queries @ gallery.T
    own = np.diag(similarity).copy()
    np.fill_diagonal(similarity, -np.inf)
    return float(100.0 * np.mean(own > similarity.max(axis=1, initial=-np.inf)))


def panorama_sectors(panoramas: Images) -> Floats:
    """Mean RGB of the lower half by azimuth: [N, H, W, 3] uint8 to [N, 24] float64."""
    ground = panoramas[:, panoramas.shape[1] // 2 :]
    columns = np.array_split(np.arange(panoramas.shape[2]), SECTORS)
    means = [ground[:, :, part].mean(axis=(1, 2)) for part in columns]
    return np.concatenate(means, axis=1)


def tile_sectors(tiles: Images) -> Floats:
    """
    Mean RGB by the angle around the centre: [N, T, T, 3] uint8 to [N, 24] float64.

    Pixels weigh 1 / radius, as in a tile resampled to polar coordinates: near and far ground
    count alike, which comes closer to what a panorama shows than a mean over the area.
    """
    rows, columns = np.indices(tiles.shape[1:3])
    south = rows - (tiles.shape[1] - 1) / 2
    east = columns - (tiles.shape[2] - 1) / 2
    turn = (np.arctan2(-east, south) % (2 * np.pi)) / (2 * np.pi)
    radius = np.maximum(np.hypot(south, east), 0.5)
    sector = np.minimum((turn * SECTORS).astype(int), SECTORS - 1)
    means = []
    for part in range(SECTORS):
        inside = (sector == part) & (radius <= REACH * min(tiles.shape[1:3]) / 2)
        weight = 1.0 / radius[inside]
        means.append(np.tensordot(tiles[:, inside], weight / weight.sum(), ([1], [0])))
    return np.concatenate(means, axis=1)


def colour_statistics(images: Images) -> Floats:
    """Mean and deviation of RGB, of the whole and of the middle: [N, H, W, 3] to [N, 12]."""
    rows, columns = (slice(side // 3, side - side // 3) for side in images.shape[1:3])

    def of_one(image: Images) -> Floats:
        parts = image, image[rows, columns]
        return np.concatenate([[part.mean((0, 1)), part.std((0, 1))] for part in parts]).ravel()

    return np.stack([of_one(image) for image in images])


BY_DIRECTION: Features = (panorama_sectors, tile_sectors)
"""24 numbers a view, the mean RGB of 8 sectors: of a panorama's lower half by azimuth (centre
column north, clockwise), of a tile by the angle around its centre."""

BY_COLOUR: Features = (colour_statistics, colour_statistics)
"""12 numbers a view, for images whose heading nobody knows: a drone's."""


def _canonical_directions(ground: Floats, satellite: Floats) -> tuple[Floats, Floats]:
    """Directions of both views, each scaled by its canonical correlation."""
    first, second = ground - ground.mean(axis=0), satellite - satellite.mean(axis=0)
    white = _whitening(first), _whitening(second)
    cross = (first @ white[0]).T @ (second @ white[1]) / len(first)
    left, correlation, right = np.linalg.svd(cross)
    scale = np.sqrt(np.clip(correlation, 0.0, 1.0))
    return white[0] @ left * scale, white[1] @ right.T * scale


def _whitening(centred: Floats) -> Floats:
    covariance = centred.T @ centred / len(centred)
    ridge = RIDGE * np.trace(covariance) / len(covariance) + 1e-9
    values, vectors = np.linalg.eigh(covariance + ridge * np.eye(len(covariance)))
    return np.asarray(vectors / np.sqrt(values))


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _check(**pairs: Images) -> None:
    for name, images in pairs.items():
        if images.ndim != 4 or images.shape[3] != 3 or images.dtype != np.uint8:
            raise ShapeError(name, "[N, H, W, 3] uint8", f"{list(images.shape)} {images.dtype}")
    (first, ground), (second, satellite) = pairs.items()
    if len(ground) != len(satellite) or len(ground) == 0:
        raise ShapeError(second, f"as many as {first}, at least one", f"{len(satellite)}")
