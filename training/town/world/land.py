"""What a block of land is used for."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Use(IntEnum):
    """Land use of a block."""

    NONE = 0
    HOUSES = 1
    DENSE = 2
    PARK = 3
    FIELD = 4
    WORKS = 5
    LOT = 6
    MEADOW = 7


_SHARES = {
    Use.HOUSES: 0.38,
    Use.DENSE: 0.2,
    Use.PARK: 0.14,
    Use.FIELD: 0.08,
    Use.WORKS: 0.07,
    Use.LOT: 0.06,
    Use.MEADOW: 0.07,
}

SMALL_BLOCK_M2 = 1200.0


def plan_uses(rng: np.random.Generator, areas_m2: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Choose a use for every block.

    Args:
        rng: source of chance.
        areas_m2: [B + 1] area of each block, in square metres; entry 0 is no block.

    Returns:
        [B + 1] int64 `Use` numbers. Slivers become parks.

    """
    shares = np.array(list(_SHARES.values()))
    uses = rng.choice([int(use) for use in _SHARES], size=len(areas_m2), p=shares / shares.sum())
    uses[areas_m2 < SMALL_BLOCK_M2] = Use.PARK
    uses[0] = Use.NONE
    return np.asarray(uses, np.int64)
