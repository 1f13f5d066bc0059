"""Panorama and tile agree on where things are: looked up by one tower in an empty world."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.panorama import NORTH_CENTRED, Crop
from clnet.runtime.preprocess import Preprocess
from clnet.training.town.config import TownConfig
from clnet.training.town.views.backdrop import Weather
from clnet.training.town.views.lens import lens_of
from clnet.training.town.views.panorama import render_panorama
from clnet.training.town.views.sun import Sun
from clnet.training.town.views.tile import render_tile
from clnet.training.town.world.buildings import Buildings, box, no_buildings
from clnet.training.town.world.cars import Cars
from clnet.training.town.world.roofs import raise_buildings
from clnet.training.town.world.trees import Trees
from clnet.training.town.world.world import World, furnish

CONFIG = TownConfig(world_side_m=160.0, cell_m=0.5)
EYE_M = (80.0, 80.0)
NOON = Sun(azimuth=math.pi, elevation=1.1)
CLEAR = Weather(zenith_rgb=(90.0, 140.0, 210.0), clouds=0.0, drift=0)
MAGENTA = (230, 20, 230)


def empty_world(buildings: Buildings) -> World:
    cells = round(CONFIG.world_side_m / CONFIG.cell_m)
    rng = np.random.default_rng(0)
    ground = np.full((cells, cells, 3), 120, np.uint8)
    none = np.empty((0, 2), np.float32)
    flat = np.empty(0, np.float32)
    colours = np.empty((0, 3), np.float32)
    return furnish(
        rng,
        ground,
        np.ones((cells, cells), np.uint8),
        raise_buildings(rng, buildings, ground, CONFIG.cell_m),
        buildings,
        Trees(none, flat, flat, np.empty(0, np.int64), colours),
        Cars(none, none, colours),
        CONFIG.cell_m,
    )


def tower(east_m: float, north_m: float) -> World:
    place = (EYE_M[0] + east_m, EYE_M[1] - north_m)
    return empty_world(no_buildings().append(box(place, (4.0, 4.0, 9.0), MAGENTA)))


def panorama(world: World, heading_deg: float = 0.0) -> NDArray[np.float32]:
    heading = math.radians(heading_deg)
    return render_panorama(world, EYE_M, heading, lens_of(CONFIG), NOON, CLEAR)


def magenta(picture: NDArray[np.float32]) -> NDArray[np.bool_]:
    return np.asarray(np.minimum(picture[..., 0], picture[..., 2]) > picture[..., 1] + 60)


def magenta_column(picture: NDArray[np.float32]) -> float:
    turns = (np.nonzero(magenta(picture))[1] + 0.5) / CONFIG.panorama_width * 2 * np.pi
    mean = math.atan2(np.sin(turns).mean(), np.cos(turns).mean()) % (2 * np.pi)
    return mean / (2 * np.pi) * CONFIG.panorama_width


@pytest.mark.parametrize(
    ("east_m", "north_m", "column"),
    [
        pytest.param(0.0, 15.0, 128, id="north-in-the-centre"),
        pytest.param(15.0, 15.0, 160, id="north-east"),
        pytest.param(15.0, 0.0, 192, id="east-at-three-quarters"),
        pytest.param(-15.0, 0.0, 64, id="west-at-one-quarter"),
        pytest.param(-15.0, -15.0, 32, id="south-west"),
    ],
)
def test_panorama_columns_turn_clockwise_around_a_northern_centre(
    east_m: float, north_m: float, column: int
) -> None:
    assert magenta_column(panorama(tower(east_m, north_m))) == pytest.approx(column, abs=1.0)


@pytest.mark.parametrize("heading_deg", [0.0, 70.0, 200.0])
def test_the_contract_turns_a_panorama_of_known_heading_to_north(heading_deg: float) -> None:
    width = CONFIG.panorama_width
    ground = Preprocess(view="ground", height=64, width=width, panorama=NORTH_CENTRED)
    taken = panorama(tower(15.0, 15.0), heading_deg).clip(0, 255).astype(np.uint8)

    fitted = ground.fit(taken, Crop(heading_deg, 360))

    assert magenta_column(fitted.astype(np.float32)) == pytest.approx(160, abs=1.0)


def test_the_tile_shows_the_same_tower_north_up() -> None:
    tile = render_tile(tower(15.0, 10.0), EYE_M, CONFIG.tile_side_m, CONFIG.tile_size, NOON)

    rows, columns = np.nonzero(magenta(tile))
    pixels_a_metre = CONFIG.tile_size / CONFIG.tile_side_m
    assert columns.mean() == pytest.approx(63.5 + 15.0 * pixels_a_metre, abs=1.0)
    assert rows.mean() == pytest.approx(63.5 - 10.0 * pixels_a_metre, abs=1.0)


def test_a_camera_turned_east_sees_the_east_in_its_centre() -> None:
    turned = panorama(tower(15.0, 0.0), heading_deg=90.0)

    assert magenta_column(turned) == pytest.approx(128, abs=1.0)


def test_a_tower_is_as_tall_as_it_stands_far() -> None:
    lens = lens_of(CONFIG)
    rows = np.nonzero(magenta(panorama(tower(0.0, 32.0)))[:, 128])[0]

    slopes = np.array([(9.0 - lens.eye_m) / 30.0, -lens.eye_m / 30.0], np.float32)
    top, foot = lens.row_of(slopes) / lens.supersampling
    assert rows.min() == pytest.approx(top, abs=1.0)
    assert rows.max() + 1 == pytest.approx(foot, abs=1.0)


def test_shadows_fall_away_from_the_sun() -> None:
    evening = Sun(azimuth=math.radians(270.0), elevation=math.radians(45.0))

    tile = render_tile(tower(0.0, 0.0), EYE_M, CONFIG.tile_side_m, CONFIG.tile_size, evening)

    assert tile[64, 64 + 12].mean() < 0.75 * tile[64, 64 - 12].mean()
