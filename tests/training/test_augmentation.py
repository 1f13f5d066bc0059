"""A pair stays a pair, whatever augmentation does to it."""

import numpy as np
import pytest

from clnet.training.augmentation import AugmentationConfig, augment, turn_pair

STILL = AugmentationConfig(rotate=False, flip=False, brightness=0, contrast=0, saturation=0, tint=0)


def pair_with_a_mark_in_the(direction: str) -> tuple[np.ndarray, np.ndarray]:
    """A tile and a panorama (north in the centre, clockwise) with one white patch."""
    satellite, ground = np.zeros((8, 8, 3), np.uint8), np.zeros((4, 16, 3), np.uint8)
    rows, columns = {"north": (slice(0, 2), slice(3, 5)), "east": (slice(3, 5), slice(6, 8))}[
        direction
    ]
    satellite[rows, columns] = 255
    centre = {"north": 8, "east": 12}[direction]
    ground[:, centre - 1 : centre + 1] = 255
    return ground, satellite


def test_a_quarter_turn_brings_the_east_to_the_north_in_both_views() -> None:
    turned = turn_pair(*pair_with_a_mark_in_the("east"), turns=1, flip=False)

    north = pair_with_a_mark_in_the("north")
    np.testing.assert_array_equal(turned[0], north[0])
    np.testing.assert_array_equal(turned[1], north[1])


def test_four_quarter_turns_change_nothing() -> None:
    pair = pair_with_a_mark_in_the("east")
    turned = pair
    for _ in range(4):
        turned = turn_pair(*turned, turns=1, flip=False)

    np.testing.assert_array_equal(turned[0], pair[0])
    np.testing.assert_array_equal(turned[1], pair[1])


def test_a_flip_leaves_the_north_in_the_north() -> None:
    north = pair_with_a_mark_in_the("north")

    flipped = turn_pair(*north, turns=0, flip=True)

    np.testing.assert_array_equal(flipped[0], north[0])
    np.testing.assert_array_equal(flipped[1], north[1])


def test_a_flip_takes_the_east_to_the_west_in_both_views() -> None:
    ground, satellite = turn_pair(*pair_with_a_mark_in_the("east"), turns=0, flip=True)

    assert satellite[4, :2].all()
    assert ground[:, 3:5].all()


def test_nothing_happens_where_nothing_is_asked_for() -> None:
    random = np.random.default_rng(0)
    ground = random.integers(0, 256, (3, 4, 16, 3), np.uint8)
    satellite = random.integers(0, 256, (3, 8, 8, 3), np.uint8)

    same = augment(ground, satellite, STILL, random)

    assert np.abs(same[0].astype(int) - ground).max() <= 1
    assert np.abs(same[1].astype(int) - satellite).max() <= 1


def test_the_same_seed_gives_the_same_images() -> None:
    ground, satellite = (image[None] for image in pair_with_a_mark_in_the("east"))
    config = AugmentationConfig()

    first, second = (augment(ground, satellite, config, np.random.default_rng(5)) for _ in range(2))

    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


@pytest.mark.parametrize("change", ["brightness", "contrast", "saturation", "tint"])
def test_colour_changes_are_drawn_for_each_view_alone(change: str) -> None:
    grey = np.full((1, 4, 4, 3), (90, 120, 60), np.uint8)
    config = STILL.model_copy(update={change: 0.5})

    ground, satellite = augment(grey, grey.copy(), config, np.random.default_rng(1))

    assert not np.array_equal(ground, satellite)
