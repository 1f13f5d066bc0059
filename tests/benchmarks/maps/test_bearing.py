"""Directions of maps: which way a channel looks in either view."""

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="torch is not installed")

from clnet.benchmarks.maps.bearing import agreement, ground_directions, satellite_directions
from clnet.runtime.panorama import NORTH_CENTRED, Panorama


def one_hot(height: int, width: int, row: int, column: int) -> NDArray[np.float64]:
    found = np.zeros((1, height, width))
    found[0, row, column] = 1
    return found


@pytest.mark.parametrize(
    ("column", "east", "north"), [(0, -1, -1), (1, -1, 1), (2, 1, 1), (3, 1, -1)]
)
def test_quarters_of_a_north_centred_panorama_look_between_the_compass_points(
    column: int, east: int, north: int
) -> None:
    found = ground_directions(one_hot(1, 4, 0, column), NORTH_CENTRED)

    assert found[0] == pytest.approx([east / np.sqrt(2), north / np.sqrt(2)])


def test_a_panorama_centred_on_the_east_is_turned() -> None:
    found = ground_directions(one_hot(1, 4, 0, 2), Panorama(centre_heading_deg=90))

    assert found[0] == pytest.approx([1 / np.sqrt(2), -1 / np.sqrt(2)])


def test_a_tile_is_north_up_and_its_centre_has_no_direction() -> None:
    assert satellite_directions(one_hot(3, 3, 0, 1))[0] == pytest.approx([0, 1])
    assert satellite_directions(one_hot(3, 3, 1, 2))[0] == pytest.approx([1, 0])
    assert satellite_directions(one_hot(3, 3, 1, 1))[0] == pytest.approx([0, 0])


def test_channels_that_look_alike_in_both_views_agree_beyond_chance() -> None:
    directions = np.random.default_rng(0).normal(size=(50, 2))

    found = agreement(directions, 2 * directions)

    assert found.cosine == pytest.approx(1.0)
    assert found.p_value == pytest.approx(0.001)
    assert found.chance_high < 0.5


def test_a_common_direction_of_all_channels_is_no_agreement_beyond_chance() -> None:
    north = np.tile([0.0, 1.0], (50, 1))

    found = agreement(north, north)

    assert found.cosine == pytest.approx(1.0)
    assert found.p_value == 1.0


def test_uniform_maps_have_no_direction() -> None:
    flat = np.ones((2, 4, 4))

    directions = ground_directions(flat, NORTH_CENTRED), satellite_directions(flat)

    assert np.allclose(directions, 0)
    assert agreement(*directions).cosine == pytest.approx(0, abs=1e-6)
