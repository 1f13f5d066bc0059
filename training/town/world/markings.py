"""White paint on the roads: centre dashes, edge lines and zebra crossings."""

import numpy as np
from numpy.typing import NDArray

from .canvas import Canvas, rectangle
from .ground import Ground
from .streets import POINT_STEP_M, Road, tangents

WHITE = (226, 226, 220)
YELLOW = (222, 190, 90)

_DASH_POINTS = 2
_PERIOD_POINTS = 5


def paint_markings(
    rng: np.random.Generator, ground: Ground, roads: list[Road], cell_m: float
) -> None:
    """Paint `ground.rgb` in place; junctions stay free of lines, crossings come last."""
    bare = ground.rgb[ground.junction > 0].copy()
    canvas = Canvas(ground.rgb, cell_m)
    for road in roads:
        if road.pavement_m > 0:
            _paint_lines(rng, canvas, road)
    ground.rgb[ground.junction > 0] = bare
    for road in roads:
        if road.pavement_m > 0:
            _paint_crossings(rng, canvas, road)


def _paint_lines(rng: np.random.Generator, canvas: Canvas, road: Road) -> None:
    normal = tangents(road.points_m)[:, ::-1] * np.array([-1.0, 1.0], np.float32)
    wide = road.width_m > 9.0
    centre = YELLOW if rng.random() < 0.4 else WHITE
    if wide:
        canvas.line(road.points_m, 0.25, centre)
        for side in (-0.25, 0.25):
            _dashes(canvas, road.points_m + normal * np.float32(side * road.width_m), WHITE)
    elif rng.random() < 0.75:
        _dashes(canvas, road.points_m, centre)
    if wide or rng.random() < 0.4:
        for side in (-1.0, 1.0):
            edge = road.points_m + normal * np.float32(side * (road.width_m / 2 - 0.4))
            canvas.line(edge, 0.25, WHITE)


def _dashes(canvas: Canvas, points_m: NDArray[np.float32], colour: tuple[int, int, int]) -> None:
    for start in range(0, len(points_m) - _DASH_POINTS, _PERIOD_POINTS):
        canvas.line(points_m[start : start + _DASH_POINTS], 0.25, colour)


def _paint_crossings(rng: np.random.Generator, canvas: Canvas, road: Road) -> None:
    along = tangents(road.points_m)
    for node in road.junctions_m:
        nearest = int(np.argmin(np.square(road.points_m - node).sum(axis=1)))
        for side in (-1, 1):
            point = nearest + side * round(rng.uniform(9.0, 12.0) / POINT_STEP_M)
            if rng.random() < 0.45 and 0 <= point < len(along):
                _zebra(canvas, road.points_m[point], along[point], road.width_m)


def _zebra(
    canvas: Canvas, centre_m: NDArray[np.float32], axis: NDArray[np.float32], width_m: float
) -> None:
    across = np.array([-axis[1], axis[0]], np.float32)
    half = np.array([1.5, 0.25], np.float32)
    for offset in np.arange(-width_m / 2 + 0.75, width_m / 2 - 0.4, 1.0):
        canvas.polygon(rectangle(centre_m + across * np.float32(offset), axis, half), WHITE)
