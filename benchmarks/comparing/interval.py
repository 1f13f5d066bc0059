"""The ratio of two times, with an interval that knows of drift."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import MeasurementFailed
from .students_t import students_t

LEVEL = 0.95
"""How often such an interval shall hold the true ratio."""

RESAMPLES = 4000
"""Bootstrap samples: the ends of the interval are then repeatable to about a tenth of its width."""

Samples = Sequence[Sequence[float]]
"""One sequence of times a block, each at least one; any unit."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The time of B by the time of A."""

    ratio: float
    """Above 1, B is slower."""

    low: float | None
    """Lower end; None for a single block, which tells nothing of its own spread."""

    high: float | None
    """Upper end."""

    blocks: int
    """Blocks behind it; of two unpaired runs, the fewer."""


def ratio_interval(
    a_s: Samples,
    b_s: Samples,
    *,
    paired: bool = True,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Interval:
    """
    Divide B's times by A's, and bound the ratio by a block bootstrap.

    A block counts by its median: runs of one turn lean on each other, blocks hardly. Paired, the
    ratio is the median over the blocks of B's median by A's, so that whatever met both of a block
    cancels. Unpaired, it is the median of B's blocks by that of A's, each side resampled by itself.

    Neighbouring blocks are drawn together, in runs of `stretch(n)`, around the end to the start
    (circular block bootstrap: Politis and Romano 1992; percentile interval): a slow drift stays in
    the resamples, where single draws would shuffle it away and promise too much. The interval is
    widened for few blocks; against a drift that outlasts a stretch it is still somewhat too short.

    Args:
        a_s: A's times, a sequence a block; paired, block i was taken beside block i of `b_s`.
        b_s: B's times.
        paired: whether blocks belong together; if not, their numbers may differ.
        seed: of the draws: the same times give the same interval.
        resamples: how many draws.
        level: how often the interval shall hold the true ratio, in 0..1.

    Raises:
        MeasurementFailed: no block, an empty block, a time that is not above zero, or paired sides
            of different lengths.

    """
    a, b = _log_medians("A", a_s), _log_medians("B", b_s)
    if paired and len(a) != len(b):
        raise MeasurementFailed(
            f"paired blocks: A has {len(a)}, B has {len(b)}; compare them unpaired"
        )
    # logarithms, because a ratio of 1/2 is as far from 1 as a ratio of 2
    ratio = np.median(b - a) if paired else np.median(b) - np.median(a)
    blocks = min(len(a), len(b))
    if blocks == 1:
        return Interval(math.exp(ratio), None, None, 1)
    rng = np.random.default_rng(seed)
    if paired:
        draws = _medians_of_draws(b - a, resamples, rng)
    else:
        draws = _medians_of_draws(b, resamples, rng) - _medians_of_draws(a, resamples, rng)
    ends = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    low, high = np.exp(ratio + (ends - ratio) * _widening(blocks, level))
    return Interval(math.exp(ratio), float(low), float(high), blocks)


def stretch(blocks: int) -> int:
    """Tell how many neighbouring blocks are drawn together: the cube root of n, at least 2."""
    return max(2, math.ceil(math.pow(blocks, 1 / 3) - 1e-9))


def _widening(blocks: int, level: float) -> float:
    """
    Correct two things that make bootstrap intervals of few blocks too short.

    Draws of stretches vary less than the blocks did, by the share 1 - stretch / n of the variance
    (Lahiri, Resampling Methods for Dependent Data, 2003); and the spread itself is estimated, which
    Student's t allows for and the normal's quantile z does not (Hesterberg, The American
    Statistician 69, 2015).
    """
    kept = max(1 - stretch(blocks) / blocks, 1 / blocks)
    z = NormalDist().inv_cdf((1 + level) / 2)
    return students_t(level, blocks - 1) / z / math.sqrt(kept)


def _log_medians(name: str, samples: Samples) -> NDArray[np.float64]:
    if len(samples) == 0 or not all(len(block) for block in samples):
        raise MeasurementFailed(f"{name}: expected at least one time in each block, got none")
    medians = np.array([np.median(block) for block in samples])
    if not (np.isfinite(medians).all() and medians.min() > 0):
        raise MeasurementFailed(f"{name}: expected times above zero, got {medians.min():g}")
    logs: NDArray[np.float64] = np.log(medians)
    return logs


def _medians_of_draws(
    values: NDArray[np.float64], resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    n, together = len(values), stretch(len(values))
    starts = rng.integers(n, size=(resamples, math.ceil(n / together), 1))
    rows = (starts + np.arange(together)).reshape(resamples, -1)[:, :n] % n
    medians: NDArray[np.float64] = np.median(values[rows], axis=1)
    return medians
