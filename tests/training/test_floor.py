"""The linear floor finds what is linear and nothing else."""

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.errors import ShapeError
from clnet.training.floor import (
    BY_COLOUR,
    SECTORS,
    colour_statistics,
    linear_floor,
    panorama_sectors,
    tile_sectors,
)


def sector_colours(count: int, seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, SECTORS, 3)).astype(np.uint8)


def panoramas_of(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    strips = np.repeat(colours[:, None], 4, axis=2)
    return np.repeat(strips, 8, axis=1)


def tiles_of(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = np.indices((32, 32)) - 15.5
    turn = np.arctan2(-columns, rows) % (2 * np.pi) / (2 * np.pi)
    return colours[:, (turn * SECTORS).astype(int)]


def test_shared_sector_colours_are_found() -> None:
    train, test = sector_colours(400, 0), sector_colours(100, 1)

    score = linear_floor(panoramas_of(train), tiles_of(train), panoramas_of(test), tiles_of(test))

    assert score >= 99.0


def test_independent_views_score_at_chance() -> None:
    train, test = sector_colours(400, 0), sector_colours(100, 1)
    others, strangers = sector_colours(400, 2), sector_colours(100, 3)

    score = linear_floor(
        panoramas_of(train), tiles_of(others), panoramas_of(test), tiles_of(strangers)
    )

    assert score <= 6.0


def test_colours_are_found_whatever_the_heading() -> None:
    rng = np.random.default_rng(5)
    tiles = rng.integers(0, 256, (500, 1, 1, 3)) + rng.integers(-40, 40, (500, 16, 16, 3))
    tiles = np.clip(tiles, 0, 255).astype(np.uint8)
    turned = np.stack([np.rot90(tile, index) for index, tile in enumerate(tiles)])

    score = linear_floor(turned[:400], tiles[:400], turned[400:], tiles[400:], BY_COLOUR)

    assert score >= 99.0


def test_colour_statistics_tell_the_middle_from_the_whole() -> None:
    framed = np.zeros((1, 9, 9, 3), np.uint8)
    framed[:, 3:6, 3:6] = 90

    whole, middle = colour_statistics(framed)[0].reshape(2, 2, 3)

    np.testing.assert_allclose(whole[0], 10.0)
    np.testing.assert_allclose(middle, [[90.0] * 3, [0.0] * 3])


def test_ties_count_against_the_query() -> None:
    train = sector_colours(400, 0)
    test = np.repeat(sector_colours(1, 1), 10, axis=0)

    score = linear_floor(panoramas_of(train), tiles_of(train), panoramas_of(test), tiles_of(test))

    assert score == 0.0


def test_sectors_of_both_views_name_the_same_directions() -> None:
    colours = sector_colours(5, 4)

    np.testing.assert_allclose(
        tile_sectors(tiles_of(colours)), panorama_sectors(panoramas_of(colours))
    )


def test_the_upper_half_of_a_panorama_does_not_count() -> None:
    panoramas = panoramas_of(sector_colours(3, 0))
    blanked = panoramas.copy()
    blanked[:, :4] = 0

    np.testing.assert_array_equal(panorama_sectors(blanked), panorama_sectors(panoramas))


def test_unpaired_views_are_refused_by_name() -> None:
    colours = sector_colours(4, 0)
    panoramas, tiles = panoramas_of(colours), tiles_of(colours)

    with pytest.raises(ShapeError, match="test_satellite: expected as many as test_ground"):
        linear_floor(panoramas, tiles, panoramas, tiles[:3])


def test_float_images_are_refused() -> None:
    colours = sector_colours(4, 0)
    panoramas, tiles = panoramas_of(colours), tiles_of(colours)

    with pytest.raises(ShapeError, match="train_ground"):
        linear_floor(panoramas.astype(np.float32), tiles, panoramas, tiles)
