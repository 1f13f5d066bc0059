"""
How alike the maps of two runs are, beside what chance gives.

Channels of two seeds do not correspond. So what is compared is the mean over channels, and the
channels after the pairing that makes them most alike (Hungarian method). A best pairing among
hundreds of channels finds much likeness in noise: the same figure with the positions of one run
permuted, and paired anew, says how much.
"""

from dataclasses import dataclass
from itertools import permutations as all_permutations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..experiments.map_figures import Map

Compared = Literal["mean", "matched channels"]

DRAWS = 99
"""Permutations where there are too many to take all."""

_FEW_POSITIONS = 4
"""Up to so many positions all permutations are taken: 23 besides the identity."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A correlation, and the same by chance."""

    correlation: float | None
    """Pearson's over positions; None where a map is constant."""

    chance: tuple[float, ...]
    """The same with positions permuted."""

    @property
    def chance_mean(self) -> float | None:
        """Return its mean."""
        return float(np.mean(self.chance)) if self.chance else None

    @property
    def chance_high(self) -> float | None:
        """Return its 95th percentile."""
        return float(np.quantile(self.chance, 0.95)) if self.chance else None

    @property
    def p_value(self) -> float | None:
        """Return the share of permutations at least as alike, the observed one counted in."""
        if self.correlation is None or not self.chance:
            return None
        as_alike = sum(one >= self.correlation - 1e-9 for one in self.chance)
        return (1 + as_alike) / (1 + len(self.chance))


def likeness(a: Map, b: Map, compared: Compared, seed: int = 0) -> Likeness:
    """
    Correlate two maps of one size over positions.

    Args:
        a: [C, H, W].
        b: [C, H, W].
        compared: the mean over channels, or best pairs of channels.
        seed: of the permutations, where not all are taken.

    """
    flat_a, flat_b = (one.reshape(len(one), -1) for one in (a, b))
    if compared == "mean":
        flat_a, flat_b = (one.mean(axis=0, keepdims=True) for one in (flat_a, flat_b))
    unit_a, unit_b = _standard(flat_a), _standard(flat_b)
    if not unit_a.any() or not unit_b.any():
        return Likeness(None, ())
    orders = _orders(flat_a.shape[1], seed)
    chance = tuple(_best_pairing(unit_a, unit_b[:, order]) for order in orders)
    return Likeness(_best_pairing(unit_a, unit_b), chance)


def _standard(flat: Floats) -> Floats:
    """Centre each channel over positions and give it unit length; constant ones become zero."""
    centred: Floats = flat - flat.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.where(norms > 1e-9, centred / np.maximum(norms, 1e-9), 0.0)


def _best_pairing(a: Floats, b: Floats) -> float:
    from scipy.optimize import linear_sum_assignment

    correlations = a @ b.T
    rows, columns = linear_sum_assignment(correlations, maximize=True)
    return float(correlations[rows, columns].mean())


def _orders(positions: int, seed: int) -> list[NDArray[np.int64]]:
    """List permutations besides the identity: all of few positions, else some by chance."""
    same = np.arange(positions)
    if positions <= _FEW_POSITIONS:
        orders = [np.array(one) for one in all_permutations(range(positions))]
    else:
        random = np.random.default_rng(seed)
        orders = [random.permutation(positions) for _ in range(DRAWS)]
    return [order for order in orders if (order != same).any()]
