"""
Interleaved rounds: A B C, C B A, and so on.

What disturbs a machine (another user, a clock that drops) lasts longer than one turn. It
then meets all methods alike, and ratios taken within a round hardly feel it. The order turns
in every second round: a drift, and what a method leaves to the one after it, cancel.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ...runtime.progress import Advance

Key = TypeVar("Key")
Answer = TypeVar("Answer")

_ALIKE = 3
_TOLERANCE = 0.10
_WARM_UP_RUNS = 20

WARM_UP_S = 20.0
"""Where nobody says, a method that never settles may run so long."""


def warm_up(run: Callable[[], float], limit_s: float = WARM_UP_S) -> tuple[float, bool]:
    """
    Run until the last three times lie within 10 % of their median.

    Stops after 20 runs, or after `limit_s` and at least three runs.

    Args:
        run: runs once and returns the seconds it took.
        limit_s: seconds of runs.

    Returns:
        The median of the last three times in seconds, and whether they became stationary.

    """
    seconds: list[float] = []
    while len(seconds) < _ALIKE or (len(seconds) < _WARM_UP_RUNS and sum(seconds) < limit_s):
        seconds.append(run())
        if is_stationary(seconds):
            return statistics.median(seconds[-_ALIKE:]), True
    return statistics.median(seconds[-_ALIKE:]), False


def is_stationary(seconds: Sequence[float]) -> bool:
    """Tell whether the last three times lie within 10 % of their median."""
    last = seconds[-_ALIKE:]
    middle = statistics.median(last)
    return len(last) == _ALIKE and max(abs(one - middle) for one in last) <= _TOLERANCE * middle


def interleave(
    turns: Mapping[Key, Callable[[], Answer]], rounds: int, advance: Advance
) -> dict[Key, list[Answer]]:
    """
    Let every method take one turn a round, in turned order in every second round.

    Args:
        turns: by method, what takes its turn.
        rounds: how many.
        advance: told after each turn.

    Returns:
        By method, one answer a round.

    """
    taken: dict[Key, list[Answer]] = {method: [] for method in turns}
    methods = list(turns)
    for _ in range(rounds):
        for method in methods:
            taken[method].append(turns[method]())
            advance()
        methods.reverse()
    return taken


def median_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """Divide round by round, then take the median of the ratios."""
    return statistics.median(n / d for n, d in zip(numerators, denominators, strict=True))
