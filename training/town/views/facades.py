"""Walls with windows and doors, and the roofs above them, painted into a panorama."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..world.buildings import Buildings
from .backdrop import HAZE_RGB, haze
from .march import Entries, Sight
from .sun import Sun

Floats = NDArray[np.float32]


class Surface(IntEnum):
    """What a pixel of a building shows."""

    WALL = 0
    ROOF = 1
    FRAME = 2
    PANE = 3
    LIT_PANE = 4
    DOOR = 5
    PLINTH = 6
    CORNICE = 7


PANE_RGB = (64.0, 78.0, 96.0)
DOOR_RGB = (92.0, 70.0, 54.0)


def paint_buildings(
    canvas: Floats,
    depth_m: Floats,
    buildings: Buildings,
    entries: Entries,
    sight: Sight,
    sun: Sun,
) -> None:
    """
    Paint what `cast` saw.

    Args:
        canvas: [H, W, 3] float32, painted in place.
        depth_m: [H, W] float32 distances, set in place where a building stands.
        buildings: the buildings' table.
        entries: where rays enter buildings.
        sight: which pixel sees which entry.
        sun: the light.

    """
    surface = surfaces(buildings, entries, sight.entry, sight.height_m)
    paints = surface_paints(buildings, entries, sun)
    fade = haze(entries.distance_m)[:, None]
    paints += fade * (np.array(HAZE_RGB, np.float32) - paints)
    paint = surface * np.int32(len(entries.building)) + sight.entry
    canvas.reshape(-1, 3)[sight.pixel] = paints.reshape(-1, 3).take(paint, axis=0)
    depth_m.reshape(-1)[sight.pixel] = entries.distance_m.take(sight.entry)


def surface_paints(buildings: Buildings, entries: Entries, sun: Sun) -> Floats:
    """[len(Surface), E, 3] float32 colour of each surface where each ray enters, without haze."""
    wall_light, roof_light = _light(buildings, entries, sun)
    wall = buildings.wall_rgb[entries.building] * wall_light[:, None]
    tint = (entries.building * 5 + np.floor(_bays(buildings, entries)[0]) * 3) % 4
    pane = np.array(PANE_RGB, np.float32) * (0.8 + 0.12 * tint)[:, None]
    paints = np.empty((len(Surface), *wall.shape), np.float32)
    paints[Surface.WALL] = wall
    paints[Surface.ROOF] = buildings.roof_rgb[entries.building] * roof_light[:, None]
    paints[Surface.FRAME] = wall * 0.6 + 96.0
    paints[Surface.PANE] = pane
    paints[Surface.LIT_PANE] = pane * 1.3
    paints[Surface.DOOR] = DOOR_RGB
    paints[Surface.PLINTH] = wall * 0.78
    paints[Surface.CORNICE] = wall * 0.7 + 62.0
    return paints


def _light(buildings: Buildings, entries: Entries, sun: Sun) -> tuple[Floats, Floats]:
    """Brightness of the wall and of the roof slope above it, [E] float32 each."""
    east, south = sun.direction()
    axis = buildings.axis[entries.building]
    side = np.where(entries.end, np.sign(entries.along_m), np.sign(entries.across_m))
    normal_east = np.where(entries.end, axis[:, 0], -axis[:, 1]) * side
    normal_south = np.where(entries.end, axis[:, 1], axis[:, 0]) * side
    facing = normal_east * np.float32(east) + normal_south * np.float32(south)
    wall = 0.7 + 0.34 * np.maximum(facing, 0.0) * np.cos(sun.elevation)
    roof = 0.86 + 0.25 * facing * np.cos(sun.elevation)
    return wall.astype(np.float32), roof.astype(np.float32)


def _bays(buildings: Buildings, entries: Entries) -> tuple[Floats, Floats]:
    """Where along its wall each ray enters, in window bays, and how many bays the wall has."""
    half = buildings.half_m[entries.building]
    width = 2 * np.where(entries.end, half[:, 1], half[:, 0])
    place = np.where(entries.end, entries.across_m, entries.along_m) + width / 2
    bay = np.maximum(buildings.bay_m[entries.building], np.float32(0.1))
    count = np.maximum(np.round(width / bay), np.float32(1.0))
    return np.clip(place / np.maximum(width, np.float32(0.1)), 0.0, 0.9999) * count, count


def surfaces(
    buildings: Buildings, entries: Entries, entry: NDArray[np.int32], height_m: Floats
) -> NDArray[np.int32]:
    """[P] int32 `Surface` of each pixel."""
    number = entries.building
    position, count = _bays(buildings, entries)
    index = np.floor(position)
    beside = np.abs(position - index - np.float32(0.5))
    doorway = ~entries.end & (index == np.floor(count / 2))
    storey = height_m / np.maximum(buildings.storey_m[number], np.float32(0.1)).take(entry)
    level = storey.astype(np.int32)
    storey -= level
    surface = np.zeros(len(entry), np.int32)
    framed = (storey > 0.24) & (storey < 0.88) & (beside < 0.33).take(entry)
    surface[framed] = Surface.FRAME
    paned = (storey > 0.32) & (storey < 0.82) & (beside < 0.25).take(entry)
    surface[paned] = (Surface.PANE + (level + index.astype(np.int32).take(entry)) % 2)[paned]
    at_door = doorway.take(entry) & (level == 0)
    surface[at_door] = Surface.WALL
    surface[at_door & (storey < 0.74) & (beside < 0.22).take(entry)] = Surface.DOOR
    surface[(height_m < 0.5) & (surface != Surface.DOOR)] = Surface.PLINTH
    surface[height_m > (buildings.eave_m[number] - 0.25).take(entry)] = Surface.WALL
    top = entries.top_m.take(entry)
    surface[height_m > top - np.float32(0.3)] = Surface.CORNICE
    surface[(buildings.bay_m[number] == 0).take(entry)] = Surface.WALL
    surface[height_m > top + np.float32(0.02)] = Surface.ROOF
    return surface
