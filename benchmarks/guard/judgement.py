"""Whether a ratio has moved, out of what it was in earlier runs."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ..comparing.interval import LEVEL
from ..comparing.students_t import students_t
from ..records.comparison_result import Verdict

SLOWDOWN = 1.10
"""What the guard shall call."""

MARGIN = math.sqrt(SLOWDOWN)
"""
What a ratio must have moved by to be called: half of `SLOWDOWN`, as ratios go, so that noise has as
much room to hide a slowdown as to feign one.
"""

MIN_RUNS = 5
"""Committed runs below which their spread is not known."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A ratio of one run."""

    ratio: float
    """The method's cost by the yardstick's."""

    low: float
    """Lower end of its 95 % interval."""

    high: float
    """Upper end."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A ratio beside the committed ones."""

    committed: float
    """Median of the committed runs' ratios."""

    change: float
    """The ratio by `committed`; above 1, the method became slower."""

    low: float
    """Lower end of its 95 % interval."""

    high: float
    """Upper end."""

    callable_from: float
    """The least change that this run would have called."""

    verdict: Verdict
    """Of this run against the committed ones."""


def judge(now: Measured, committed: Sequence[float]) -> Judgement:
    """
    Say whether a ratio is another one than the committed.

    The interval of the change is one of prediction: it has the spread between committed runs
    (Student's t, of the logarithms), what their median leaves open (its variance is pi/2 that of a
    mean), and this run's own interval. The spread holds most of the latter already; that it counts
    twice makes a disturbed run careful. "slower" is said where the whole interval lies above 1 and
    the change is above `MARGIN`; "faster" likewise, upside down.

    Args:
        now: this run.
        committed: ratios of the same name from n >= `MIN_RUNS` runs on such a machine.

    """
    n, logs = len(committed), [math.log(ratio) for ratio in committed]
    middle = statistics.median(logs)
    t = students_t(LEVEL, n - 1)
    spread = t * statistics.stdev(logs) * math.sqrt(1 + math.pi / (2 * n))
    reach = math.hypot(spread, math.log(now.high / now.low) / 2)
    moved = math.log(now.ratio) - middle
    needed = max(reach, math.log(MARGIN))
    verdict: Verdict = "cannot tell"
    if abs(moved) > needed:
        verdict = "slower" if moved > 0 else "faster"
    return Judgement(
        committed=math.exp(middle),
        change=math.exp(moved),
        low=math.exp(moved - reach),
        high=math.exp(moved + reach),
        callable_from=math.exp(needed),
        verdict=verdict,
    )
