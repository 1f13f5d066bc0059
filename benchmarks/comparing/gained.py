"""How much B's recall gains on A's, with its interval."""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ..records.accuracy_result import Share
from .interval import LEVEL


def gained(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> Share:
    """
    Bound B's rate less A's on the same queries; only queries that changed sides have a say.

    The adjusted Wald interval of Bonett and Price (British Journal of Mathematical and Statistical
    Psychology 65, 2012): one lost and one gained query are added, so that no change in a small
    sample is not taken for no change at all. It needs no library, unlike exact ones.

    Args:
        a: [Q], A's hits.
        b: [Q], B's hits.

    Returns:
        In percentage points; above zero, B answers more.

    """
    n = len(a)
    won, lost = int(np.sum(b & ~a)), int(np.sum(a & ~b))
    up, down = (won + 1) / (n + 2), (lost + 1) / (n + 2)
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    half = z * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    rate = (won - lost) / n
    low, high = min(up - down - half, rate), max(up - down + half, rate)
    return Share(percent=100 * rate, low=100 * max(low, -1.0), high=100 * min(high, 1.0))
