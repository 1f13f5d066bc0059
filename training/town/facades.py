"""Walls with windows and doors, and the roofs above them, painted into a panorama."""

import numpy as np
from numpy.typing import NDArray

from .backdrop import HAZE_RGB, haze
from .buildings import Buildings
from .lens import Lens
from .march import Entries
from .sun import Sun

Floats = NDArray[np.float32]

PANE_RGB = (64.0, 78.0, 96.0)
DOOR_RGB = (92.0, 70.0, 54.0)


def paint_buildings(
    canvas: Floats,
    depth_m: Floats,
    buildings: Buildings,
    entries: Entries,
    seen: NDArray[np.int32],
    lens: Lens,
    sun: Sun,
) -> None:
    """
    Paint what `cast` saw.

    Args:
        canvas: [H, W, 3] float32, painted in place.
        depth_m: [H, W] float32 distances, set in place where a building stands.
        buildings: the buildings' table.
        entries: where rays enter buildings.
        seen: [W, H] int32 entry of each pixel, or -1.
        lens: the camera's geometry.
        sun: the light.

    """
    column, row = np.nonzero(seen >= 0)
    if len(column) == 0:
        return
    entry = seen[column, row]
    distance = entries.distance_m[entry]
    height_m = lens.eye_m + distance * lens.slopes()[row]
    wall_light, roof_light = _light(buildings, entries, sun)
    number = entries.building[entry]
    wall = height_m <= entries.top_m[entry] + 0.02
    rgb = np.where(
        wall[:, None],
        (buildings.wall_rgb[entries.building] * wall_light[:, None])[entry],
        (buildings.roof_rgb[entries.building] * roof_light[:, None])[entry],
    )
    _open_windows(rgb, buildings, entries, entry, number, height_m, wall)
    fade = haze(entries.distance_m)[entry][:, None]
    canvas[row, column] = rgb + fade * (np.array(HAZE_RGB, np.float32) - rgb)
    depth_m[row, column] = distance


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


def _open_windows(
    rgb: Floats,
    buildings: Buildings,
    entries: Entries,
    entry: NDArray[np.int32],
    number: NDArray[np.int64],
    height_m: Floats,
    wall: NDArray[np.bool_],
) -> None:
    """Darken panes and doors of the walls' pixels, in place, and lighten their frames."""
    half = buildings.half_m[entries.building]
    width = 2 * np.where(entries.end, half[:, 1], half[:, 0])
    place = np.where(entries.end, entries.across_m, entries.along_m) + width / 2
    bay = buildings.bay_m[entries.building]
    bays = np.maximum(np.round(width / np.maximum(bay, 0.1)), 1.0)
    position = np.clip(place / np.maximum(width, 0.1), 0.0, 0.9999) * bays
    index = np.floor(position)
    doorway = (~entries.end) & (index == np.floor(bays / 2))
    beside = np.abs(position - index - 0.5)[entry]
    storey = height_m / np.maximum(buildings.storey_m[number], 0.1)
    level = np.floor(storey)
    up = storey - level
    glazed = wall & (bay > 0)[entry] & (height_m < buildings.eave_m[number] - 0.25)
    door = glazed & doorway[entry] & (level == 0)
    pane = glazed & ~door & (beside < 0.25) & (up > 0.32) & (up < 0.82)
    frame = glazed & ~door & (beside < 0.33) & (up > 0.24) & (up < 0.88) & ~pane
    tint = ((index * 37.0)[entry] + level * 17.0 + number * 5.0) % 7.0
    rgb[frame] = rgb[frame] * 0.6 + 96.0
    rgb[pane] = np.array(PANE_RGB, np.float32) * (0.8 + 0.09 * tint[pane])[:, None]
    rgb[door & (beside < 0.22) & (up < 0.74)] = DOOR_RGB
    plinth = wall & (bay > 0)[entry] & (height_m < 0.5)
    rgb[plinth] *= 0.78
    cornice = wall & (bay > 0)[entry] & (height_m > entries.top_m[entry] - 0.3)
    rgb[cornice] = rgb[cornice] * 0.7 + 62.0
