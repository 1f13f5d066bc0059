"""Street views look at a building from places that somebody can walk to."""

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np
import pytest

from clnet.training.town import TownConfig
from clnet.training.town.views.backdrop import Weather
from clnet.training.town.views.street_view import (
    FARTHEST_M,
    NEAREST_M,
    render_street_view,
    standpoints,
)
from clnet.training.town.views.sun import Sun
from clnet.training.town.world.cars import Cars
from clnet.training.town.world.trees import Trees
from clnet.training.town.world.world import World, make_world

CONFIG = TownConfig(world_side_m=192.0, cell_m=0.5, tile_size=64)
NOON = Sun(azimuth=np.pi, elevation=1.1)
CLEAR = Weather(zenith_rgb=(90.0, 140.0, 210.0), clouds=0.0, drift=0)
BUILDING_M = (96.0, 96.0)

Table = TypeVar("Table", Trees, Cars)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(CONFIG, np.random.default_rng(4))


def none_of(table: Table) -> Table:
    return replace(table, **{each.name: getattr(table, each.name)[:0] for each in fields(table)})


def test_standpoints_are_walkable_and_near(world: World) -> None:
    spots = standpoints(world, np.random.default_rng(0), BUILDING_M, 12)

    assert len(set(spots)) == 12
    for east_m, south_m in spots:
        assert world.walkable[int(south_m / world.cell_m), int(east_m / world.cell_m)] == 1
        away_m = np.hypot(east_m - BUILDING_M[0], south_m - BUILDING_M[1])
        assert NEAREST_M <= away_m <= FARTHEST_M


def test_a_building_that_nobody_can_walk_to_has_none(world: World) -> None:
    walled = replace(world, walkable=np.zeros_like(world.walkable))

    assert standpoints(walled, np.random.default_rng(0), BUILDING_M, 2) == []


def test_the_building_stands_in_the_middle(world: World) -> None:
    number = 1 + int(np.argmin(np.abs(world.buildings.centre_m[1:] - BUILDING_M).sum(axis=1)))
    east_m, south_m = (float(value) for value in world.buildings.centre_m[number])
    lone = replace(
        world,
        building=np.where(world.building == number, world.building, np.uint16(0)),
        trees=none_of(world.trees),
        cars=none_of(world.cars),
    )
    bare = replace(lone, building=np.zeros_like(world.building))

    for away_m in ((25.0, 0.0), (0.0, -25.0), (-18.0, 18.0)):
        place_m = (east_m + away_m[0], south_m + away_m[1])
        views = [
            render_street_view(each, CONFIG, place_m, (east_m, south_m), NOON, CLEAR)
            for each in (lone, bare)
        ]
        columns = np.nonzero(np.abs(views[0] - views[1]).max(axis=(0, 2)) > 1.0)[0]
        assert (columns.min() + columns.max() + 1) / 2 == pytest.approx(32.0, abs=6.0)
