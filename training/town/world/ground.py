"""What lies flat: carriageways, pavements and the blocks between them, with their colours."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..config import Hardness
from . import colours
from .canvas import Canvas
from .land import plan_uses
from .lots import paint_lots
from .streets import Road
from .texture import grain


@dataclass(slots=True)
class Ground:
    """Flat rasters of one world, all [S, S] cells; buildings and trees come on top."""

    rgb: NDArray[np.uint8]
    """[S, S, 3] uint8 colour."""

    carriageway: NDArray[np.uint8]
    """[S, S] uint8, 1 on a road, markings included."""

    pavement: NDArray[np.uint8]
    """[S, S] uint8, 1 on a pavement beside a road."""

    block: NDArray[np.int32]
    """[S, S] int32 block number, 0 where there is a street."""

    bounds: NDArray[np.int32]
    """[B + 1, 4] int32 left, top, width and height of each block, in cells."""

    uses: NDArray[np.int64]
    """[B + 1] int64 land use of each block, as `Use` numbers; entry 0 is unused."""

    junction: NDArray[np.uint8]
    """[S, S] uint8, 1 where roads of both families meet."""


def lay_ground(
    rng: np.random.Generator, roads: list[Road], cells: int, cell_m: float, hardness: Hardness
) -> Ground:
    """
    Paint streets and blocks.

    Args:
        rng: source of chance.
        roads: the street plan, in painting order.
        cells: side of the world, in cells (S).
        cell_m: side of a cell, in metres.
        hardness: mutes and varies the colours.

    Returns:
        The rasters, without road markings.

    """
    masks = np.zeros((3, cells, cells), np.uint8)
    for road in roads:
        Canvas(masks[road.family], cell_m).line(road.points_m, road.width_m, 1)
        if road.pavement_m > 0:
            Canvas(masks[2], cell_m).line(road.points_m, road.width_m + 2 * road.pavement_m, 1)
    carriageway = masks[0] | masks[1]
    pavement = masks[2] & ~carriageway
    _, block, stats, _ = cv2.connectedComponentsWithStats(
        1 - (carriageway | masks[2]), connectivity=4
    )
    uses = plan_uses(rng, stats[:, cv2.CC_STAT_AREA] * cell_m**2)
    rgb = paint_lots(rng, block, uses, cell_m, hardness)
    _paint_streets(rng, rgb, pavement, roads, cell_m, hardness)
    texture = grain(rng, cells)
    strength = np.where(block > 0, np.float32(0.075), np.float32(0.03))
    shade = texture * strength + np.float32(1.0)
    for channel in range(3):
        rgb[..., channel] = cv2.multiply(rgb[..., channel], shade, dtype=cv2.CV_8U)
    return Ground(
        rgb=rgb,
        carriageway=carriageway,
        pavement=pavement,
        block=np.asarray(block, np.int32),
        bounds=np.asarray(stats[:, :4], np.int32),
        uses=uses,
        junction=np.asarray(cv2.dilate(masks[0] & masks[1], np.ones((3, 3))), np.uint8),
    )


def _paint_streets(
    rng: np.random.Generator,
    rgb: NDArray[np.uint8],
    pavement: NDArray[np.uint8],
    roads: list[Road],
    cell_m: float,
    hardness: Hardness,
) -> None:
    slabs = colours.paint(rng, colours.PAVEMENT, 1, hardness)[0]
    rgb[pavement > 0] = slabs.astype(np.uint8)
    canvas = Canvas(rgb, cell_m)
    for road in roads:
        paved = colours.BRICK if rng.random() < 0.2 else colours.ASPHALT
        palette = paved if road.pavement_m > 0 else colours.GRAVEL
        surface = colours.paint(rng, palette, 1, hardness)[0]
        if road.pavement_m > 0:
            canvas.line(road.points_m, road.width_m + 0.5, np.minimum(surface * 1.5, 235.0))
        canvas.line(road.points_m, road.width_m, surface)
