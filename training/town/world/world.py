"""One square world: its rasters and the tables of things that stand in it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..config import TownConfig
from .buildings import Buildings
from .cars import Cars, draw_cars, park_cars
from .construction import build_along, free_plots
from .features import paint_features
from .ground import lay_ground
from .markings import paint_markings
from .roofs import Built, raise_buildings
from .streets import plan_streets
from .trees import Trees, plant_trees, stamp_crowns

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class World:
    """
    A height field with colours, from which both views of a place are rendered.

    Positions are metres east (x) and south (y) of the north-west corner; rasters have S cells a
    side, row 0 in the north and column 0 in the west.
    """

    cell_m: float
    """Side of a cell, in metres."""

    ground_rgb: tuple[NDArray[np.uint8], ...]
    """Colour of the bare ground, [S, S, 3] uint8 and coarser: each level halves the last."""

    aerial_rgb: NDArray[np.uint8]
    """[S, S, 3] uint8 colour seen from above: roofs, crowns and cars included."""

    solid_m: Floats
    """[S, S] float32 height of buildings above the ground, in metres, 0 elsewhere."""

    building: NDArray[np.uint16]
    """[S / 2, S / 2] uint16 building number of every second cell, 0 for none: rays look it up."""

    surface_m: Floats
    """[S / 2, S / 2] float32 height of everything, crowns and cars too, in metres."""

    walkable: NDArray[np.uint8]
    """[S, S] uint8, 1 on roads and pavements clear of cars, crowns and buildings."""

    buildings: Buildings
    """The buildings; entry 0 stands for none."""

    trees: Trees
    """The trees."""

    cars: Cars
    """The parked cars."""

    @property
    def side_m(self) -> float:
        """Side of the world, in metres."""
        return len(self.solid_m) * self.cell_m


def make_world(config: TownConfig, rng: np.random.Generator) -> World:
    """
    Build a world.

    Args:
        config: gives its size and difficulty.
        rng: source of everything random; equal states give equal worlds.

    Returns:
        The world.

    """
    cell_m, hardness = config.cell_m, config.hardness
    cells = 2 * round(config.world_side_m / cell_m / 2)
    roads = plan_streets(rng, cells * cell_m)
    ground = lay_ground(rng, roads, cells, cell_m, hardness)
    taken, bays_m = paint_features(rng, ground, cell_m, hardness)
    paint_markings(rng, ground, roads, cell_m)
    plots = free_plots(ground, taken, cell_m)
    buildings = build_along(rng, roads, ground, plots, cell_m, hardness)
    built = raise_buildings(rng, buildings, ground.rgb, cell_m)
    cars = park_cars(rng, roads, ground, bays_m, built.solid_m, cell_m, hardness)
    obstacles = ((built.solid_m > 0) | (taken > 0)).astype(np.uint8)
    trees = plant_trees(rng, roads, ground, obstacles, cell_m, hardness)
    street = ground.carriageway | ground.pavement
    return furnish(rng, ground.rgb, street, built, buildings, trees, cars, cell_m)


def furnish(
    rng: np.random.Generator,
    ground_rgb: NDArray[np.uint8],
    street: NDArray[np.uint8],
    built: Built,
    buildings: Buildings,
    trees: Trees,
    cars: Cars,
    cell_m: float,
) -> World:
    """
    Put trees and cars between the buildings and finish the rasters.

    Args:
        rng: source of the crowns' texture.
        ground_rgb: [S, S, 3] uint8 bare ground, S even.
        street: [S, S] uint8, 1 on roads and pavements.
        built: the buildings' rasters; its `aerial` is drawn on.
        buildings: the buildings' table.
        trees: the trees.
        cars: the cars.
        cell_m: side of a cell, in metres.

    Returns:
        The world.

    """
    surface_m = built.solid_m.copy()
    draw_cars(cars, built.aerial, surface_m, cell_m)
    stamp_crowns(rng, trees, built.aerial, surface_m, cell_m)
    reach = 2 * round(0.8 / cell_m) + 1
    cover = cv2.dilate((surface_m > 0).astype(np.uint8), np.ones((reach, reach), np.uint8))
    half = (len(surface_m) // 2,) * 2
    levels = [ground_rgb]
    for _ in range(2):
        size = (len(levels[-1]) // 2,) * 2
        levels.append(np.asarray(cv2.resize(levels[-1], size, interpolation=cv2.INTER_AREA)))
    return World(
        cell_m=cell_m,
        ground_rgb=tuple(levels),
        aerial_rgb=built.aerial,
        solid_m=built.solid_m,
        building=np.ascontiguousarray(built.number[::2, ::2]),
        surface_m=np.asarray(cv2.resize(surface_m, half, interpolation=cv2.INTER_AREA)),
        walkable=np.where(cover > 0, np.uint8(0), street),
        buildings=buildings,
        trees=trees,
        cars=cars,
    )
