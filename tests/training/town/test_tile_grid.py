"""Half-overlapping tiles over a world."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.training.town import TownConfig
from clnet.training.town.layouts.tile_grid import TileGrid
from clnet.training.town.layouts.vigor import VigorLayout
from clnet.training.town.layouts.vigor_labels import offset_px
from clnet.training.town.survey import survey_world
from clnet.training.town.views.sun import draw_sun

GRID = TileGrid(world_side_m=640.0, tile_side_m=64.0)
COORDINATE = st.floats(32.5, 607.5)
PLACE = st.tuples(COORDINATE, COORDINATE)


@given(PLACE)
def test_a_place_lies_in_the_central_quarter_of_its_positive(place_m: tuple[float, float]) -> None:
    positive = GRID.covering(place_m)[0]

    assert max(abs(metres) for metres in GRID.offset_m(positive, place_m)) <= 16.0


@given(PLACE)
def test_the_four_tiles_of_a_place_are_all_that_show_it(place_m: tuple[float, float]) -> None:
    covering = set(GRID.covering(place_m))

    shown = {
        cell
        for cell in GRID.cells()
        if max(abs(metres) for metres in GRID.offset_m(cell, place_m)) < 32.0
    }
    assert shown <= covering
    assert len(covering) == 4
    assert covering <= set(GRID.cells())


@given(PLACE)
def test_semi_positives_come_nearest_first(place_m: tuple[float, float]) -> None:
    distances = [GRID.distance_squared(cell, place_m) for cell in GRID.covering(place_m)]

    assert distances == sorted(distances)


def test_tiles_fill_the_world_to_its_edges() -> None:
    centres = [GRID.centre_m(cell) for cell in GRID.cells()]

    assert len(set(centres)) == 19 * 19
    assert min(east for east, _ in centres) == pytest.approx(32.0)
    assert max(south for _, south in centres) == pytest.approx(640.0 - 32.0)


def test_neighbouring_tiles_show_the_same_ground_where_they_overlap(tiny: TownConfig) -> None:
    config = tiny.model_copy(update={"difficulty": "easy", "tile_size": 64})
    survey = survey_world(config, VigorLayout().assign(config)[0])
    grid = TileGrid(config.world_side_m, config.tile_side_m)
    sun = draw_sun(survey.chance(4))

    here, east, south = (
        survey.tile(grid.centre_m(cell), sun, survey.chance(5)).astype(float)
        for cell in ((1, 1), (2, 1), (1, 2))
    )

    def error(left: np.ndarray, right: np.ndarray) -> float:
        return float(np.abs(left - right).mean())

    assert error(here[:, 32:], east[:, :32]) < 0.3 * error(here, east)
    assert error(here[32:], south[:32]) < 0.3 * error(here, south)


def test_a_labels_offset_leads_to_what_is_seen_around_the_place(tiny: TownConfig) -> None:
    config = tiny.model_copy(update={"difficulty": "easy", "tile_size": 64})
    survey = survey_world(config, VigorLayout().assign(config)[0])
    grid = TileGrid(config.world_side_m, config.tile_side_m)
    sun, place_m = draw_sun(survey.chance(4)), (75.0, 88.0)
    cell = grid.covering(place_m)[0]
    around = survey.tile(place_m, sun, survey.chance(5)).astype(float)[24:40, 24:40]
    positive = survey.tile(grid.centre_m(cell), sun, survey.chance(6)).astype(float)

    dy, dx = (round(px / 10) for px in offset_px(grid.offset_m(cell, place_m), 64.0))

    def error(south: int, east: int) -> float:
        rows, columns = slice(24 + south, 40 + south), slice(24 + east, 40 + east)
        return float(np.abs(positive[rows, columns] - around).mean())

    assert (dy, dx) == (-8, -11)
    assert error(dy, -dx) < 0.3 * min(error(dy, dx), error(-dy, -dx), error(-dy, dx))
