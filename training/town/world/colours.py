"""The town's paints: vivid palettes, and how a difficulty mutes and varies them."""

import numpy as np
from numpy.typing import NDArray

from ..config import Hardness

Floats = NDArray[np.float32]

GRASS = ((96, 148, 58), (118, 160, 70), (78, 126, 54), (136, 158, 84))
MEADOW = ((176, 168, 92), (150, 160, 78), (196, 176, 108))
CROP = ((216, 192, 84), (124, 150, 62), (134, 96, 62), (84, 128, 56), (178, 158, 80))
GARDEN = ((150, 122, 84), (188, 172, 140), (120, 96, 66), (84, 118, 60))
FLOWERS = ((188, 96, 128), (206, 176, 64), (146, 108, 168))
COURTYARD = ((176, 104, 84), (206, 196, 176), (104, 102, 106), (112, 138, 78), (190, 152, 112))
WATER = ((52, 96, 128), (60, 110, 120), (70, 104, 140))
ASPHALT = ((88, 88, 92), (120, 118, 116), (68, 70, 76), (140, 136, 130))
GRAVEL = ((178, 160, 128), (160, 146, 122))
PAVEMENT = ((178, 174, 166), (164, 160, 158), (196, 172, 146))
BRICK = ((158, 100, 84), (176, 134, 104))
COURT = ((176, 84, 62), (66, 112, 148), (72, 128, 92), (214, 190, 140))
YARD = ((150, 146, 140), (172, 150, 126), (132, 130, 132))
ROOF = (
    (178, 78, 56),
    (150, 62, 50),
    (196, 110, 74),
    (96, 98, 108),
    (70, 74, 84),
    (128, 96, 74),
    (110, 124, 108),
)
FLAT_ROOF = ((150, 148, 146), (186, 184, 180), (104, 104, 108), (122, 130, 120), (168, 120, 98))
WALL = (
    (222, 206, 176),
    (214, 178, 128),
    (190, 112, 86),
    (236, 228, 214),
    (176, 182, 186),
    (206, 150, 140),
    (160, 176, 150),
    (230, 204, 120),
)
HEDGE = ((62, 98, 48), (74, 108, 56))
CROWN = ((74, 118, 50), (92, 134, 58), (62, 100, 54), (120, 140, 60), (150, 120, 56))
CONIFER = ((48, 84, 58), (56, 92, 52))
CAR = (
    (190, 40, 36),
    (36, 70, 150),
    (224, 224, 226),
    (44, 46, 50),
    (150, 154, 160),
    (216, 176, 60),
    (60, 110, 84),
)


def paint(
    rng: np.random.Generator,
    palette: tuple[tuple[int, int, int], ...],
    count: int,
    hardness: Hardness,
) -> Floats:
    """
    Mix one colour for each of `count` things.

    Args:
        rng: source of chance.
        palette: vivid RGB entries, 0..255, to choose from evenly.
        count: colours wanted.
        hardness: gives the saturation and the spread.

    Returns:
        [count, 3] float32 RGB, clipped to 8..247.

    """
    entries = np.asarray(palette, np.float32)
    colours = entries[rng.integers(len(entries), size=count)]
    grey = colours.mean(axis=1, keepdims=True)
    colours = grey + hardness.saturation * (colours - grey)
    spread = hardness.colour_spread
    colours += rng.normal(0.0, spread, (count, 1)) + rng.normal(0.0, spread / 2, (count, 3))
    return np.asarray(np.clip(colours, 8.0, 247.0), np.float32)
