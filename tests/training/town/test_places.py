"""Where pictures are taken."""

import numpy as np
import pytest

from clnet.training.town import TownConfig
from clnet.training.town.assignment import held_out_worlds, training_worlds
from clnet.training.town.survey import Survey, survey_world

CONFIG = TownConfig(
    places=24,
    test_places=12,
    world_side_m=240.0,
    cell_m=0.5,
    places_per_world=24,
    test_places_per_world=12,
    seed=3,
)
ORIGIN = (40.0, -98.0)


@pytest.fixture(scope="module")
def train() -> Survey:
    return survey_world(CONFIG, training_worlds(CONFIG, ORIGIN)[0])


@pytest.fixture(scope="module")
def val() -> Survey:
    return survey_world(CONFIG, held_out_worlds(CONFIG, ORIGIN, first_id=25)[0])


def distances_m(survey: Survey) -> np.ndarray:
    gaps = np.linalg.norm(survey.places_m[:, None] - survey.places_m, axis=-1)
    return np.asarray(gaps[~np.eye(len(gaps), dtype=bool)])


def test_training_places_keep_ten_metres_apart(train: Survey) -> None:
    assert distances_m(train).min() >= 10.0


def test_test_places_keep_twenty_metres_apart(val: Survey) -> None:
    assert distances_m(val).min() >= 20.0


def test_test_places_lie_in_another_world(train: Survey, val: Survey) -> None:
    assert not np.array_equal(train.world.aerial_rgb, val.world.aerial_rgb)


def test_places_stand_clear_of_buildings_cars_and_crowns(train: Survey) -> None:
    world = train.world
    for x, y in train.places_m:
        column, row = int(x / world.cell_m), int(y / world.cell_m)
        assert world.walkable[row, column] == 1
        assert world.solid_m[row - 1 : row + 2, column - 1 : column + 2].max() == 0
        assert world.surface_m[row // 2, column // 2] == 0


def test_easy_pairs_look_north_from_the_tiles_centre() -> None:
    easy = CONFIG.model_copy(update={"difficulty": "easy"})

    pair = next(survey_world(easy, training_worlds(easy, ORIGIN)[0]).pairs())

    assert pair.heading_deg == 0.0
    assert pair.ground_degrees == pair.satellite_degrees


def test_hard_headings_stray_by_four_degrees_at_most(train: Survey) -> None:
    headings = np.array([pair.heading_deg for pair in train.pairs()])

    strayed = (headings + 180.0) % 360.0 - 180.0
    assert 2.0 < np.abs(strayed).max() <= 4.0
