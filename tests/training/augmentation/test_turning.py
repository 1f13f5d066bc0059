"""A pair stays a pair, whatever turns it."""

import numpy as np
import pytest

from clnet.runtime import ConfigError
from clnet.training.augmentation import AugmentationConfig, check_rotation, turn_pair
from clnet.training.config import NetworkConfig


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


def test_a_ground_image_without_a_heading_is_left_out_of_the_turn() -> None:
    pair = pair_with_a_mark_in_the("east")

    ground, satellite = turn_pair(*pair, turns=1, flip=False, roll=False)

    np.testing.assert_array_equal(ground, pair[0])
    np.testing.assert_array_equal(satellite, pair_with_a_mark_in_the("north")[1])


PAIRED = AugmentationConfig()


def test_panoramas_of_the_whole_horizon_can_be_rolled() -> None:
    check_rotation(PAIRED, NetworkConfig())


@pytest.mark.parametrize("panorama", [None, {"fov_deg": 90, "wrap": False}])
def test_other_ground_images_are_not_rolled(panorama: object) -> None:
    network = NetworkConfig.model_validate(
        {"ground": {"view": "ground", "height": 384, "width": 384, "panorama": panorama}}
    )
    with pytest.raises(ConfigError, match=r"set network\.ground\.panorama.*rotation: satellite"):
        check_rotation(PAIRED, network)

    check_rotation(AugmentationConfig(rotation="satellite"), network)
    check_rotation(AugmentationConfig(rotate_probability=0), network)


def test_a_tile_that_is_not_square_is_not_turned() -> None:
    network = NetworkConfig.model_validate(
        {"satellite": {"view": "satellite", "height": 122, "width": 671}}
    )
    with pytest.raises(ConfigError, match="must be square, got 122 x 671"):
        check_rotation(PAIRED, network)
