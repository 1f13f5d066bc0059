"""What blocks hold besides buildings: ponds, paths, courts, furrows and painted parking bays."""

import numpy as np
from numpy.typing import NDArray

from ..config import Hardness
from . import colours
from .canvas import Canvas, rectangle
from .ground import Ground
from .land import Use
from .markings import WHITE
from .streets import smooth

Floats = NDArray[np.float32]


def paint_features(
    rng: np.random.Generator, ground: Ground, cell_m: float, hardness: Hardness
) -> tuple[NDArray[np.uint8], Floats]:
    """
    Paint `ground.rgb` in place.

    Returns:
        [S, S] uint8, 1 where nothing may be built: water, courts and paths; and [N, 2] float32
        centres of parking bays in metres, which run north-south.

    """
    taken = np.zeros(ground.block.shape, np.uint8)
    bays = [np.empty((0, 2), np.float32)]
    for number in range(1, len(ground.uses)):
        left, top, width, height = (int(value) for value in ground.bounds[number])
        window = np.s_[top : top + height, left : left + width]
        inside = ground.block[window] == number
        use = ground.uses[number]
        if use == Use.FIELD:
            _plough(rng, ground.rgb[window], inside, cell_m)
        elif use in (Use.PARK, Use.MEADOW) and inside.sum() * cell_m**2 > 900.0:
            painted = ground.rgb[window].copy()
            mask = np.zeros(inside.shape, np.uint8)
            _lay_out_park(rng, painted, mask, cell_m, hardness)
            ground.rgb[window][inside] = painted[inside]
            taken[window][inside] = mask[inside]
        elif use == Use.LOT:
            painted = ground.rgb[window].copy()
            centres = _paint_bays(rng, painted, cell_m)
            ground.rgb[window][inside] = painted[inside]
            cells = (centres / cell_m).astype(int)
            centres = centres[inside[cells[:, 1], cells[:, 0]]]
            bays.append(centres + np.array([left, top], np.float32) * np.float32(cell_m))
    return taken, np.concatenate(bays)


def _plough(
    rng: np.random.Generator, rgb: NDArray[np.uint8], inside: NDArray[np.bool_], cell_m: float
) -> None:
    rows, columns = np.indices(inside.shape, np.float32)
    turn = rng.uniform(0.0, np.pi)
    phase = (rows * np.float32(np.cos(turn)) + columns * np.float32(np.sin(turn))) * cell_m
    furrow = 1.0 + 0.13 * np.sin(2 * np.pi * phase / rng.uniform(1.6, 3.2))
    shaded = np.clip(rgb * furrow[..., None], 0, 255).astype(np.uint8)
    rgb[inside] = shaded[inside]


def _lay_out_park(
    rng: np.random.Generator,
    rgb: NDArray[np.uint8],
    mask: NDArray[np.uint8],
    cell_m: float,
    hardness: Hardness,
) -> None:
    size_m = np.array(mask.shape[::-1], np.float32) * np.float32(cell_m)
    paint, claim = Canvas(rgb, cell_m), Canvas(mask, cell_m)
    for _ in range(rng.integers(1, 3)):
        path = _path(rng, size_m)
        width_m = rng.uniform(2.0, 3.5)
        paint.line(path, width_m, colours.paint(rng, colours.GRAVEL, 1, hardness)[0])
        claim.line(path, width_m + 1.0, 1)
    if rng.random() < 0.55:
        shore = _blob(rng, size_m * rng.uniform(0.3, 0.7, 2), float(size_m.min()))
        paint.polygon(shore, colours.paint(rng, colours.MEADOW, 1, hardness)[0] * 0.85)
        claim.polygon(shore, 1)
        middle = shore.mean(axis=0)
        water = (middle + (shore - middle) * np.float32(0.88)).astype(np.float32)
        paint.polygon(water, colours.paint(rng, colours.WATER, 1, hardness)[0])
    for _ in range(rng.integers(0, 3)):
        _lay_court(rng, paint, claim, size_m, hardness)


def _path(rng: np.random.Generator, size_m: Floats) -> Floats:
    ends = rng.uniform(0.0, 1.0, (4, 2)).astype(np.float32)
    axis = rng.integers(2)
    ends[:, axis] = (-0.05, 0.35, 0.65, 1.05)
    return smooth(ends * size_m)


def _blob(rng: np.random.Generator, centre_m: NDArray[np.float64], extent_m: float) -> Floats:
    angles = np.linspace(0.0, 2 * np.pi, 12, endpoint=False)
    radii = min(extent_m * 0.24, 22.0) * rng.uniform(0.65, 1.25, 12)
    knots = centre_m + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    closed = np.concatenate([knots, knots[:1]]).astype(np.float32)
    return smooth(closed)


def _lay_court(
    rng: np.random.Generator, paint: Canvas, claim: Canvas, size_m: Floats, hardness: Hardness
) -> None:
    turn = rng.uniform(0.0, np.pi)
    axis = np.array([np.cos(turn), np.sin(turn)], np.float32)
    centre = (size_m * rng.uniform(0.15, 0.85, 2)).astype(np.float32)
    half = np.array([rng.uniform(7.0, 15.0), rng.uniform(4.0, 8.0)], np.float32)
    paint.polygon(rectangle(centre, axis, half), colours.paint(rng, colours.COURT, 1, hardness)[0])
    claim.polygon(rectangle(centre, axis, half), 1)
    outline = rectangle(centre, axis, half - np.float32(1.2))
    paint.line(np.concatenate([outline, outline[:1]]), 0.25, WHITE)
    across = np.array([-axis[1], axis[0]], np.float32) * (half[1] - np.float32(1.2))
    paint.line(np.stack([centre - across, centre + across]), 0.25, WHITE)


def _paint_bays(rng: np.random.Generator, rgb: NDArray[np.uint8], cell_m: float) -> Floats:
    """Lines between bays, in place; returns the bays' centres [N, 2] float32 in metres."""
    canvas = Canvas(rgb, cell_m)
    height_m, width_m = (length * cell_m for length in rgb.shape[:2])
    rows_m = np.arange(rng.uniform(3.0, 9.0), height_m - 5.0, 17.0)
    columns_m = np.arange(1.0, width_m - 2.75, 2.75)
    for row_m in rows_m:
        for column_m in columns_m:
            ends = np.array([[column_m, row_m], [column_m, row_m + 5.0]], np.float32)
            canvas.line(ends, 0.25, WHITE)
    centres = np.stack(np.meshgrid(columns_m + 1.375, rows_m + 2.5), axis=-1)
    return np.asarray(centres.reshape(-1, 2), np.float32)
