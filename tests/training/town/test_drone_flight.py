"""How a drone circles a building."""

import numpy as np
import pytest

from clnet.training.town import TownConfig
from clnet.training.town.views.drone_camera import DroneCamera
from clnet.training.town.views.drone_flight import ROUNDS, spiral

BUILDING_M = (200.0, 180.0, 3.0)
EASY = TownConfig(difficulty="easy", drone_images=54)
HARD = TownConfig(drone_images=54)


def flown(config: TownConfig) -> list[DroneCamera]:
    return spiral(config, np.random.default_rng(1), BUILDING_M)


def test_it_flies_three_rounds() -> None:
    headings = np.unwrap([camera.heading for camera in flown(EASY)])

    assert headings[-1] - headings[0] == pytest.approx(2 * np.pi * ROUNDS)


def test_it_comes_down_to_half_its_height() -> None:
    heights_m = np.array([camera.eye_m[2] for camera in flown(EASY)])

    assert np.polyfit(np.arange(54), heights_m, 1)[0] < 0
    assert heights_m[-1] / heights_m[0] == pytest.approx(121 / 256, rel=0.12)


@pytest.mark.parametrize("config", [EASY, HARD], ids=["easy", "hard"])
def test_every_ray_falls(config: TownConfig) -> None:
    for camera in flown(config):
        assert camera.depression - camera.field_of_view / 2 > np.radians(10.0)


def test_half_way_down_it_sees_about_what_a_tile_shows() -> None:
    camera = flown(EASY)[27]

    width_m = 2 * camera.distance_m * np.tan(camera.field_of_view / 2)
    assert width_m == pytest.approx(EASY.tile_side_m, rel=0.15)


def test_its_aim_strays_as_far_as_the_town_is_hard() -> None:
    def strays_m(config: TownConfig) -> float:
        targets = np.array([camera.target_m for camera in flown(config)])
        return float(np.abs(targets - BUILDING_M).max())

    assert strays_m(EASY) == 0.0
    assert 2.0 < strays_m(HARD) <= HARD.hardness.tile_offset_m


def test_a_single_image_is_taken_half_way() -> None:
    one = spiral(EASY.model_copy(update={"drone_images": 1}), np.random.default_rng(1), BUILDING_M)

    assert len(one) == 1
    assert np.degrees(one[0].depression) == pytest.approx(51.0, abs=4.0)
