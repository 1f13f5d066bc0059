"""The patchwork inside blocks: gardens, yards, beds and strips of crop, each of its own colour."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..config import Hardness
from . import colours
from .land import Use

LOT_M = 26.0
"""Mean side of a lot, in metres."""

OWN_SHARE = 0.6
"""Share of a lot's colour that is its own; its block gives the rest."""

PALETTES = {
    Use.NONE: colours.GRASS,
    Use.HOUSES: (*colours.GRASS, *colours.GARDEN),
    Use.DENSE: (*colours.YARD, *colours.COURTYARD),
    Use.PARK: (*colours.GRASS, *colours.GRASS, *colours.MEADOW, *colours.FLOWERS),
    Use.FIELD: colours.CROP,
    Use.WORKS: (*colours.YARD, *colours.ASPHALT, *colours.COURTYARD),
    Use.LOT: (*colours.ASPHALT, *colours.YARD),
    Use.MEADOW: (*colours.MEADOW, *colours.GRASS, *colours.FLOWERS),
}


def paint_lots(
    rng: np.random.Generator,
    block: NDArray[np.int32],
    uses: NDArray[np.int64],
    cell_m: float,
    hardness: Hardness,
) -> NDArray[np.uint8]:
    """
    Colour the ground by lots.

    Args:
        rng: source of chance.
        block: [S, S] int32 block numbers.
        uses: [B + 1] int64 land uses.
        cell_m: side of a cell, in metres.
        hardness: mutes and varies the colours.

    Returns:
        [S, S, 3] uint8.

    """
    cells = len(block)
    coarse = cells // 2
    seeds = _seeds(rng, coarse, 2 * cell_m)
    vacant = np.ones((coarse, coarse), np.uint8)
    vacant[seeds[:, 1], seeds[:, 0]] = 0
    _, lot = cv2.distanceTransformWithLabels(
        vacant, cv2.DIST_L2, cv2.DIST_MASK_3, labelType=cv2.DIST_LABEL_PIXEL
    )
    parent = block[::2, ::2][:coarse, :coarse]
    use = uses[parent[seeds[:, 1], seeds[:, 0]]]
    own, shared = np.zeros((len(seeds) + 1, 3)), np.zeros((len(uses), 3))
    number = lot[seeds[:, 1], seeds[:, 0]]
    for kind, palette in PALETTES.items():
        chosen = number[use == kind]
        own[chosen] = OWN_SHARE * colours.paint(rng, palette, len(chosen), hardness)
        blocks = np.flatnonzero(uses == kind)
        shared[blocks] = (1 - OWN_SHARE) * colours.paint(rng, palette, len(blocks), hardness)
    rgb = own.astype(np.uint8)[lot] + shared.astype(np.uint8)[parent]
    return np.asarray(cv2.resize(rgb, (cells, cells), interpolation=cv2.INTER_LINEAR), np.uint8)


def _seeds(rng: np.random.Generator, cells: int, cell_m: float) -> NDArray[np.int64]:
    """[L, 2] int64 distinct middles of lots, (column, row), on a turned and shaken grid."""
    side_m = cells * cell_m
    axis = np.arange(-side_m, side_m, LOT_M)
    grid = np.stack(np.meshgrid(axis, axis * 0.8), axis=-1).reshape(-1, 2)
    grid += rng.uniform(-0.3, 0.3, grid.shape) * LOT_M
    turn = rng.uniform(0.0, np.pi / 2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middles = ((grid @ rotation.T + side_m / 2) / cell_m).astype(np.int64)
    inside = ((middles >= 0) & (middles < cells)).all(axis=1)
    return np.unique(middles[inside], axis=0)
