"""Cars in a panorama: a body and a tapered cabin, hit exactly by every ray."""

import numpy as np
from numpy.typing import NDArray

from ..world.cars import GLASS, HEIGHT_M, LENGTH_M, WIDTH_M, Cars
from ..world.fragments import Fragments, bearings, expand
from .backdrop import HAZE_RGB, haze
from .lens import Lens

Floats = NDArray[np.float32]

REACH_M = 60.0
"""Farthest car that is painted, in metres."""

BELT_M = 0.88
"""Height of the body, where the cabin begins, in metres."""

_HALF_BODY = (LENGTH_M / 2, WIDTH_M / 2)

# Planes n . p <= c of the convex parts, p = (ahead, sideways, up) from the middle of the car.
_BODY = np.array(
    [
        [1, 0, 0.25, _HALF_BODY[0] + 0.10],
        [-1, 0, 0.12, _HALF_BODY[0] + 0.05],
        [0, 1, 0.08, _HALF_BODY[1] + 0.03],
        [0, -1, 0.08, _HALF_BODY[1] + 0.03],
        [0.09, 0, 1, BELT_M],
        [0, 0, -1, 0.0],
    ],
    np.float32,
)
_CABIN = np.array(
    [
        [1, 0, 1.15, 0.95 + 1.15 * BELT_M],
        [-1, 0, 0.6, 1.75 + 0.6 * BELT_M],
        [0, 1, 0.3, 0.84 + 0.3 * BELT_M],
        [0, -1, 0.3, 0.84 + 0.3 * BELT_M],
        [0, 0, 1, HEIGHT_M],
        [0, 0, -1, -BELT_M + 0.12],
    ],
    np.float32,
)


def paint_cars(
    canvas: Floats,
    depth_m: Floats,
    cars: Cars,
    place_m: tuple[float, float],
    lens: Lens,
    heading: float,
) -> None:
    """Paint cars into `canvas` [H, W, 3] float32 and `depth_m` [H, W] float32, in place."""
    bearing, distance = bearings(cars.centre_m, place_m, heading)
    near = np.flatnonzero((distance < REACH_M) & (distance > 2.6))
    near = near[np.argsort(-distance[near], kind="stable")]
    if len(near) == 0:
        return
    front = np.maximum(distance[near] - 2.4, 0.6)
    spread = np.arctan(np.float32(2.45) / np.maximum(distance[near] - 0.4, 1.5))
    back = distance[near] + 2.4
    top = (HEIGHT_M - lens.eye_m) / (back if lens.eye_m > HEIGHT_M else front)
    pixels = expand(near, bearing[near], spread, top, -lens.eye_m / front, lens)
    ahead, sideways = (part.take(pixels.strip) for part in _rays(cars, pixels, bearing, heading))
    eye = _eye(cars, place_m)
    slope = lens.slopes()[pixels.line_row].take(pixels.line)
    ray = (ahead, sideways, slope)
    body, body_face = _hit(_BODY, eye, pixels.thing, ray, lens.eye_m)
    cabin, cabin_face = _hit(_CABIN, eye, pixels.thing, ray, lens.eye_m)
    reach = np.minimum(body, cabin)
    shown = np.flatnonzero(reach < depth_m.reshape(-1).take(pixels.pixel))
    thing, reach = pixels.thing.take(shown), reach.take(shown)
    point = np.stack(
        [eye[thing, 0] + reach * ahead.take(shown), lens.eye_m + reach * slope.take(shown)]
    )
    in_cabin = (cabin <= body).take(shown)
    faces = body_face.take(shown), cabin_face.take(shown)
    rgb = _paint(cars.rgb[thing], point, in_cabin, *faces)
    rgb += haze(distance)[thing][:, None] * (np.array(HAZE_RGB, np.float32) - rgb)
    pixel = pixels.pixel.take(shown)
    canvas.reshape(-1, 3)[pixel] = rgb
    depth_m.reshape(-1)[pixel] = reach


def _rays(cars: Cars, pixels: Fragments, bearing: Floats, heading: float) -> tuple[Floats, Floats]:
    """Horizontal unit rays in the cars' own axes: ahead and sideways, [S] float32 each."""
    turn = bearing[pixels.strip_thing] + pixels.strip_turn + np.float32(heading)
    east, south = np.sin(turn), -np.cos(turn)
    axis = cars.axis[pixels.strip_thing]
    return east * axis[:, 0] + south * axis[:, 1], south * axis[:, 0] - east * axis[:, 1]


def _eye(cars: Cars, place_m: tuple[float, float]) -> Floats:
    """[C, 2] float32 camera in each car's own axes, in metres."""
    offset = np.array(place_m, np.float32) - cars.centre_m
    ahead = (offset * cars.axis).sum(axis=1)
    sideways = offset[:, 1] * cars.axis[:, 0] - offset[:, 0] * cars.axis[:, 1]
    return np.stack([ahead, sideways], axis=1)


def _hit(
    planes: Floats,
    eye: Floats,
    thing: NDArray[np.int32],
    ray: tuple[Floats, Floats, Floats],
    eye_m: float,
) -> tuple[Floats, NDArray[np.int8]]:
    """Distance along the ground to a convex part, infinite where missed, and the plane hit."""
    enter = np.full(len(thing), 0.05, np.float32)
    leave = np.full(len(thing), np.inf, np.float32)
    face = np.zeros(len(thing), np.int8)
    for index, (ahead, side, up, limit) in enumerate(planes):
        speed = np.float32(1e-7) + sum(
            part * factor for part, factor in zip(ray, (ahead, side, up), strict=True) if factor
        )
        room = limit - eye[:, 0] * ahead - eye[:, 1] * side - np.float32(eye_m) * up
        crossing = room.take(thing) / speed
        entering = (speed < 0) & (crossing > enter)
        np.copyto(enter, crossing, where=entering)
        np.copyto(face, np.int8(index), where=entering)
        np.minimum(leave, crossing, out=leave, where=speed > 0)
    enter[enter >= leave] = np.inf
    return enter, face


_BODY_LIGHT = np.array([0.78, 0.74, 0.84, 0.84, 1.08, 0.3], np.float32)
_CABIN_LIGHT = np.array([1.0, 1.0, 1.0, 1.0, 1.14, 0.5], np.float32)


def _paint(
    rgb: Floats,
    point: Floats,
    in_cabin: NDArray[np.bool_],
    body_face: NDArray[np.int8],
    cabin_face: NDArray[np.int8],
) -> Floats:
    """Colours of hit points; `point` is [2, P]: metres ahead of the middle, metres up."""
    ahead, up = point
    painted = rgb * np.where(in_cabin, _CABIN_LIGHT[cabin_face], _BODY_LIGHT[body_face])[:, None]
    pillar = (cabin_face >= 2) & (np.abs(ahead + 0.35) < 0.07)
    glass = in_cabin & (cabin_face < 4) & (up < HEIGHT_M - 0.07) & ~pillar
    painted[glass] = np.array(GLASS, np.float32) * (0.9 + 0.9 * (up[glass, None] - BELT_M))
    on_body = ~in_cabin
    sill = on_body & (up < 0.24)
    painted[sill] = (24.0, 24.0, 26.0)
    flank = on_body & ((body_face == 2) | (body_face == 3))
    wheel = flank & (np.hypot(np.abs(ahead) - 1.35, up - 0.32) < 0.34)
    painted[wheel] = (26.0, 26.0, 28.0)
    hub = flank & (np.hypot(np.abs(ahead) - 1.35, up - 0.32) < 0.17)
    painted[hub] = (150.0, 152.0, 156.0)
    lamps = on_body & (body_face < 2) & (up > 0.52) & (up < 0.72)
    painted[lamps & (body_face == 0)] = (236.0, 232.0, 214.0)
    painted[lamps & (body_face == 1)] = (150.0, 30.0, 30.0)
    return np.asarray(painted, np.float32)
