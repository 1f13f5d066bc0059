"""A drone's picture agrees with its camera, and with the tile of the same ground."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.training.town import TownConfig
from clnet.training.town.views.drone_camera import DroneCamera
from clnet.training.town.views.drone_view import render_drone_view
from clnet.training.town.views.relief import prepare_relief
from clnet.training.town.views.sun import Sun
from clnet.training.town.views.tile import render_tile
from clnet.training.town.world.buildings import box, no_buildings
from clnet.training.town.world.roofs import raise_buildings
from clnet.training.town.world.world import World, make_world

CONFIG = TownConfig(world_side_m=192.0, cell_m=0.5)
MIDDLE_M = (96.0, 96.0)
NOON = Sun(azimuth=math.pi, elevation=1.1)
MAGENTA = (230, 20, 230)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(CONFIG, np.random.default_rng(4))


@pytest.fixture(scope="module")
def plain(world: World) -> World:
    """Bare grey ground."""
    flat = np.zeros_like(world.solid_m)
    return replace(
        world,
        aerial_rgb=np.full_like(world.aerial_rgb, 120),
        ground_rgb=(np.full_like(world.ground_rgb[0], 120),),
        solid_m=flat,
        surface_m=flat[::2, ::2],
        building=np.zeros_like(world.building),
    )


def with_tower(plain: World, place_m: tuple[float, float], height_m: float) -> World:
    buildings = no_buildings().append(box(place_m, (6.0, 6.0, height_m), MAGENTA))
    rng = np.random.default_rng(0)
    built = raise_buildings(rng, buildings, plain.aerial_rgb, plain.cell_m)
    return replace(
        plain,
        aerial_rgb=built.aerial,
        solid_m=built.solid_m,
        building=np.ascontiguousarray(built.number[::2, ::2]),
        surface_m=np.ascontiguousarray(built.solid_m[::2, ::2]),
        buildings=buildings,
    )


def camera(heading_deg: float, depression_deg: float, distance_m: float = 90.0) -> DroneCamera:
    return DroneCamera(
        target_m=(*MIDDLE_M, 0.0),
        distance_m=distance_m,
        heading=math.radians(heading_deg),
        depression=math.radians(depression_deg),
        field_of_view=math.radians(38.0),
        size=128,
    )


def taken(world: World, camera: DroneCamera) -> NDArray[np.float32]:
    return render_drone_view(world, prepare_relief(world), camera, NOON, 2)


def magenta(picture: NDArray[np.float32]) -> NDArray[np.bool_]:
    return np.asarray(np.minimum(picture[..., 0], picture[..., 2]) > picture[..., 1] + 60)


def test_a_drone_that_looks_north_has_north_above_and_east_on_the_right() -> None:
    north, east = (
        camera(0.0, 45.0).project(np.array([[*place_m, 0.0]]))[0]
        for place_m in ((96.0, 86.0), (106.0, 96.0))
    )

    assert north[0] == pytest.approx(64.0)
    assert north[1] < 64.0
    assert east[0] > 64.0
    assert east[1] == pytest.approx(64.0)


def test_a_drone_that_looks_east_has_east_above_and_north_on_the_left() -> None:
    north, east = (
        camera(90.0, 45.0).project(np.array([[*place_m, 0.0]]))[0]
        for place_m in ((96.0, 86.0), (106.0, 96.0))
    )

    assert east[1] < 64.0
    assert north[0] < 64.0


@pytest.mark.parametrize("depression_deg", [30.0, 55.0, 80.0])
@pytest.mark.parametrize("heading_deg", [0.0, 77.0, 200.0])
def test_a_marked_spot_appears_where_the_camera_says(
    plain: World, heading_deg: float, depression_deg: float
) -> None:
    aerial = plain.aerial_rgb.copy()
    aerial[150:154, 212:216] = MAGENTA
    view = camera(heading_deg, depression_deg)

    rows, columns = np.nonzero(magenta(taken(replace(plain, aerial_rgb=aerial), view)))

    expected = view.project(np.array([[107.0, 76.0, 0.0]]))[0]
    assert columns.mean() + 0.5 == pytest.approx(expected[0], abs=0.7)
    assert rows.mean() + 0.5 == pytest.approx(expected[1], abs=0.7)


@pytest.mark.parametrize("heading_deg", [0.0, 130.0, 250.0])
def test_a_tower_fills_the_outline_of_its_corners(plain: World, heading_deg: float) -> None:
    view = camera(heading_deg, 40.0)

    rows, columns = np.nonzero(magenta(taken(with_tower(plain, (101.0, 92.0), 12.0), view)))

    corners = [(x, y, z) for x in (98.0, 104.0) for y in (89.0, 95.0) for z in (0.0, 12.0)]
    outline = view.project(np.array(corners))
    assert (columns.min(), rows.min()) == pytest.approx(tuple(outline.min(axis=0)), abs=1.6)
    assert (columns.max() + 1, rows.max() + 1) == pytest.approx(tuple(outline.max(axis=0)), abs=1.6)


def test_a_tower_hides_the_ground_behind_it(plain: World) -> None:
    built = with_tower(plain, MIDDLE_M, 14.0)
    bare, hidden = plain.aerial_rgb.copy(), built.aerial_rgb.copy()
    for aerial in (bare, hidden):
        aerial[174:180, 188:196] = (20, 230, 20)

    def green(world: World) -> int:
        picture = taken(world, camera(0.0, 35.0))
        return int((picture[..., 1] > picture[..., 0] + 60).sum())

    assert green(replace(plain, aerial_rgb=bare)) > 15
    assert green(replace(built, aerial_rgb=hidden)) == 0


def test_a_steep_view_converges_to_the_tile(world: World) -> None:
    high = replace(camera(0.0, 88.0, 1500.0), field_of_view=2 * math.atan(32.0 / 1500.0))

    picture = taken(world, high)

    tile = render_tile(world, MIDDLE_M, 64.0, 128, NOON)
    soft = [cv2.GaussianBlur(view, (0, 0), 1.0).ravel() for view in (picture, tile)]
    assert np.corrcoef(soft)[0, 1] > 0.95


def test_a_picture_is_the_same_each_time(world: World) -> None:
    view = camera(33.0, 50.0)

    np.testing.assert_array_equal(taken(world, view), taken(world, view))


def test_crowns_stand_off_the_ground_and_walls_on_it(world: World) -> None:
    relief = prepare_relief(world)
    top, under = relief.span[..., 0], relief.span[..., 1]

    crown = (under > 0) & (relief.number == 0)
    assert crown.any()
    assert np.all(under[crown] < top[crown])
    assert np.all(under[relief.number > 0] == 0)
    assert np.all(top[relief.number > 0] > 200)


def test_the_land_around_a_world_is_bare(world: World) -> None:
    relief = prepare_relief(world)

    edge = round(relief.edge_m / relief.cell_m)
    assert not relief.span[:edge].any()
    assert not relief.number[:, -edge:].any()
    np.testing.assert_array_equal(relief.above_rgb[:edge], relief.ground_rgb[:edge])
