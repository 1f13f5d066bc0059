"""What each step of the ablation adds, paired by seed."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from ..experiments.spread import interval_of_mean
from ..experiments.variants import RIVAL, STEPS
from ..records.ablation_result import AblationResult, GainResult, Variant

_PAIRS: tuple[tuple[Variant, Variant], ...] = (
    *((over, variant) for over, variant in pairwise(STEPS)),
    (STEPS[0], STEPS[-1]),
    (RIVAL, STEPS[-1]),
)
"""Without and with: each step, all steps together, and NEC against the rival."""


def gains_of(rows: Sequence[AblationResult]) -> tuple[GainResult, ...]:
    """Subtract runs of equal seeds; pairs of which no seed has both are left out."""
    score = {(row.variant, row.seed): row.recall_at_1 for row in rows}
    seeds = tuple(dict.fromkeys(row.seed for row in rows))
    found = []
    for over, variant in _PAIRS:
        both = [seed for seed in seeds if {(over, seed), (variant, seed)} <= score.keys()]
        if both:
            gains = [score[variant, seed] - score[over, seed] for seed in both]
            found.append(_gain(variant, over, tuple(both), gains, rows[0]))
    return tuple(found)


def _gain(
    variant: Variant, over: Variant, seeds: tuple[int, ...], gains: list[float], of: AblationResult
) -> GainResult:
    low, high = interval_of_mean(gains) or (None, None)
    return GainResult(
        machine=of.machine,
        versions=of.versions,
        variant=variant,
        over=over,
        seeds=seeds,
        gain_at_1=fmean(gains),
        low=low,
        high=high,
        least=min(gains),
        most=max(gains),
    )
