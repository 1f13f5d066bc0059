"""Photographing the buildings of one world: from above, from a drone and from the street."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .survey import Spot, Survey
from .views.backdrop import draw_weather
from .views.drone_flight import spiral
from .views.drone_view import render_drone_view
from .views.photograph import photograph
from .views.relief import Relief, prepare_relief
from .views.street_view import render_street_view, standpoints
from .views.sun import Sun, draw_sun

Pictures = list[NDArray[np.uint8]]

STREET_IMAGES = 2
"""Most street views of a building."""


@dataclass(frozen=True, slots=True)
class BuildingViews:
    """Pictures of one building, [T, T, 3] uint8 RGB each."""

    id: int
    """Number of the building in the town, from 1."""

    tile: NDArray[np.uint8]
    """North up, the building in its middle."""

    drone: Pictures
    """From the highest to the lowest."""

    street: Pictures
    """From up to STREET_IMAGES places; none where nobody can walk near it."""


def photograph_buildings(survey: Survey) -> Iterator[BuildingViews]:
    """Photograph a survey's buildings in the order of their ids."""
    relief = prepare_relief(survey.world)
    for index, spot_m in enumerate(survey.places()):
        sun = draw_sun(survey.chance(2, index))
        yield BuildingViews(
            id=survey.assignment.first_id + index,
            tile=survey.tile(spot_m, sun, survey.chance(2, index, 1)),
            drone=_from_the_drone(survey, relief, index, sun),
            street=_from_the_street(survey, index, spot_m, sun),
        )


def _from_the_drone(survey: Survey, relief: Relief, index: int, sun: Sun) -> Pictures:
    config, buildings = survey.config, survey.world.buildings
    away_m = np.abs(buildings.centre_m[1:] - survey.places_m[index]).sum(axis=1)
    number = 1 + int(np.argmin(away_m))
    east_m, south_m = survey.places()[index]
    middle_m = (east_m, south_m, float(buildings.eave_m[number]) / 2)
    pictures = []
    for image, camera in enumerate(spiral(config, survey.chance(3, index), middle_m)):
        rng = survey.chance(3, index, image)
        light = sun if config.hardness.shared_sun else draw_sun(rng)
        view = render_drone_view(survey.world, relief, camera, light, config.supersampling)
        pictures.append(photograph(rng, view, config.hardness))
    return pictures


def _from_the_street(survey: Survey, index: int, spot_m: Spot, sun: Sun) -> Pictures:
    config, rng = survey.config, survey.chance(4, index)
    pictures = []
    for place_m in standpoints(survey.world, rng, spot_m, STREET_IMAGES):
        light = sun if config.hardness.shared_sun else draw_sun(rng)
        weather = draw_weather(rng)
        view = render_street_view(survey.world, config, place_m, spot_m, light, weather)
        pictures.append(photograph(rng, view, config.hardness))
    return pictures
