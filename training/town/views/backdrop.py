"""What lies behind everything in a panorama: the ground below the horizon, the sky above."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ..world.world import World
from .lens import Lens
from .sun import SHADOW_DEPTH, Sun, shadows
from .window import window_around

Floats = NDArray[np.float32]

HAZE_RGB = (196.0, 206.0, 216.0)
HAZE_M = 320.0
"""Distance over which 63 % of a thing's colour gives way to the haze, in metres."""

_SHADOW_SIDE_M = 96.0


@dataclass(frozen=True, slots=True)
class Weather:
    """The sky of one picture."""

    zenith_rgb: tuple[float, float, float]
    """Colour straight up, 0..255."""

    clouds: float
    """Share of the sky that clouds may whiten, 0..1."""

    drift: int
    """Column of the cloud strip that stands in the north."""


def draw_weather(rng: np.random.Generator) -> Weather:
    """Draw a sky from deep blue to overcast."""
    grey = rng.uniform(0.0, 0.7)
    blue, dull = np.array([84.0, 136.0, 206.0]), np.array([168.0, 178.0, 190.0])
    red, green, deep = (float(level) for level in blue + grey * (dull - blue))
    return Weather((red, green, deep), float(rng.uniform(0.2, 1.0)), int(rng.integers(1024)))


def haze(distance_m: Floats) -> Floats:
    """Share of the haze's colour at distances in metres, 0..1."""
    return np.asarray(1.0 - np.exp(distance_m * np.float32(-1.0 / HAZE_M)), np.float32)


def paint_ground(
    canvas: Floats, world: World, place_m: tuple[float, float], lens: Lens, heading: float, sun: Sun
) -> None:
    """
    Paint the rows below the horizon of `canvas` [H, W, 3] float32, in place.

    The ground is flat, so a row sees it at one distance; far rows read coarser rasters.
    """
    slopes = lens.slopes()
    directions = lens.directions(heading)
    first = int(np.searchsorted(-slopes, 0.0))
    distance_m = np.minimum(lens.eye_m / -slopes[first:], np.float32(2000.0))
    level = np.digitize(distance_m, [26.0, 11.0])
    east = np.float32(place_m[0]) + distance_m[:, None] * directions[0]
    south = np.float32(place_m[1]) + distance_m[:, None] * directions[1]
    for number, raster in enumerate(world.ground_rgb):
        chosen = np.flatnonzero(level == len(world.ground_rgb) - 1 - number)
        if len(chosen) == 0:
            continue
        rows = slice(int(chosen[0]), int(chosen[-1]) + 1)
        cell_m = np.float32(world.cell_m * 2**number)
        seen = _sample(raster, east[rows] / cell_m - 0.5, south[rows] / cell_m - 0.5)
        canvas[first + rows.start : first + rows.stop] = seen
    light = _ground_light(world, place_m, sun, east, south)
    fade = haze(distance_m)[:, None, None]
    ground = canvas[first:]
    ground *= (light * (1.0 - fade[..., 0]))[..., None]
    ground += fade * np.array(HAZE_RGB, np.float32)


def _sample(raster: MatLike, x: Floats, y: Floats) -> MatLike:
    return cv2.remap(raster, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def _ground_light(
    world: World, place_m: tuple[float, float], sun: Sun, east: Floats, south: Floats
) -> Floats:
    coarse_m = 2 * world.cell_m
    cells = round(_SHADOW_SIDE_M / coarse_m)
    surface_m = window_around(world.surface_m, place_m, coarse_m, cells)
    shade = cv2.blur(shadows(np.asarray(surface_m, np.float32), coarse_m, sun), (2, 2))
    x = (east - np.float32(place_m[0])) / np.float32(coarse_m) + np.float32((cells - 1) / 2)
    y = (south - np.float32(place_m[1])) / np.float32(coarse_m) + np.float32((cells - 1) / 2)
    dark = cv2.remap(shade, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(1.0 - np.float32(SHADOW_DEPTH) * dark, np.float32)


def paint_sky(canvas: Floats, lens: Lens, heading: float, sun: Sun, weather: Weather) -> None:
    """
    Paint the rows above the horizon of `canvas` [H, W, 3] float32, in place.

    The sky is smooth: it is drawn without supersampling and enlarged.
    """
    columns, rows = lens.columns // lens.supersampling, lens.rows // 2 // lens.supersampling
    slopes = lens.slopes()
    horizon = int(np.searchsorted(-slopes, 0.0))
    elevation = np.arctan(slopes[:horizon][lens.supersampling // 2 :: lens.supersampling])[:rows]
    depth = np.clip(elevation / 0.75, 0.0, 1.0)[:, None, None] ** np.float32(0.55)
    haze_rgb, zenith_rgb = (np.array(rgb, np.float32) for rgb in (HAZE_RGB, weather.zenith_rgb))
    north = round((heading / (2 * np.pi) - 0.5) * columns) + weather.drift
    clouds = np.roll(_cloud_strip(rows, columns), -north, axis=1) * np.float32(weather.clouds)
    glare = _glare(columns, heading, sun, elevation)[..., None]
    sky = haze_rgb + depth * (zenith_rgb - haze_rgb)
    sky = sky + clouds[..., None] * (np.float32(244.0) - sky)
    sky += glare * (np.array([255.0, 250.0, 232.0], np.float32) - sky)
    size = (lens.columns, horizon)
    canvas[:horizon] = cv2.resize(sky, size, interpolation=cv2.INTER_LINEAR)


def _glare(columns: int, heading: float, sun: Sun, elevation: Floats) -> Floats:
    """[rows, W] float32 in 0..1: the sun's disc and the glow around it."""
    turn = ((np.arange(columns) + 0.5) / columns - 0.5) * 2 * np.pi
    around = (turn + heading - sun.azimuth + np.pi) % (2 * np.pi) - np.pi
    across = np.square(around * np.cos(sun.elevation)).astype(np.float32)
    upward = np.square(elevation - np.float32(sun.elevation))[:, None]
    glow = np.exp(across * np.float32(-12.5)) * np.exp(upward * np.float32(-12.5))
    disc = np.exp(across * np.float32(-450.0)) * np.exp(upward * np.float32(-450.0))
    return np.asarray(np.minimum(np.float32(0.55) * glow + disc, np.float32(1.0)), np.float32)


@cache
def _cloud_strip(rows: int, columns: int) -> Floats:
    """[rows, columns] float32 in 0..1, without a seam around the horizon."""
    rng = np.random.default_rng(3)
    total = np.zeros((rows, columns), np.float32)
    for octave, knots in enumerate((6, 12, 24, 48)):
        coarse = rng.standard_normal((max(3, knots // 2), knots)).astype(np.float32)
        wrapped = np.concatenate([coarse, coarse, coarse], axis=1)
        fine = cv2.resize(wrapped, (3 * columns, rows), interpolation=cv2.INTER_CUBIC)
        total += np.asarray(fine[:, columns : 2 * columns], np.float32) * np.float32(0.6**octave)
    height = np.linspace(1.0, 0.25, rows, dtype=np.float32)[:, None]
    return np.asarray(np.clip(total * 0.75 - 0.1, 0.0, 1.0) * height, np.float32)
