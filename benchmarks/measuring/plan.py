"""How many rounds, and how often each method runs in its turn, so that all fits a budget."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .messages import Turn
from .worker import PAUSE_S

Key = TypeVar("Key")

ROUNDS = 10
"""Rounds where the budget allows them."""

RUNS = 100
"""Runs of each method where the budget allows them: what a 99th percentile needs."""

LEAST_ROUNDS = 5
"""Fewer tell nothing of how ratios vary: slow methods exceed the budget instead."""

_TURN_S = 0.5
_TURN_RUNS = 20
_MARGIN = 1.2
_ROUNDING = 1 + 1e-9


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a measurement may take."""

    seconds: float = 5.0
    """For all rounds of all methods; starts, warm-up and counted energy come on top."""

    rounds: int | None = None
    """Exactly so many; None plans them."""


@dataclass(frozen=True, slots=True)
class Plan(Generic[Key]):
    """What every method shall do."""

    rounds: int
    """How many."""

    turns: Mapping[Key, Turn]
    """By method, its turn, the same in every round."""

    excess: str | None
    """Where it will take longer than the budget: how much, and why."""


def plan(once_s: Mapping[Key, float], budget: Budget) -> Plan[Key]:
    """
    Share a budget among methods: `RUNS` runs of each; where that is too much, slow methods run
    less often, for the same time each.

    A turn of several runs begins with an untimed one, because caches are cold after the
    method before; a single run is so long that this does not matter. A turn ends after half
    a second or 20 runs. Rounds are `ROUNDS`, or fewer where not even single runs would fit,
    but never fewer than `LEAST_ROUNDS`.

    Args:
        once_s: by method, the seconds of one run.
        budget: what there is.

    """
    rounds = budget.rounds
    if rounds is None:
        least_s = sum(PAUSE_S + one for one in once_s.values())
        rounds = max(LEAST_ROUNDS, min(ROUNDS, math.floor(budget.seconds / least_s)))
    most = min(_TURN_RUNS, math.ceil(RUNS / rounds))
    pot_s = budget.seconds / rounds - PAUSE_S * len(once_s)
    share_s = min(_TURN_S, _share_s([(most + 1) * one for one in once_s.values()], pot_s))
    turns = {method: _turn(one, share_s, most) for method, one in once_s.items()}
    a_round_s = sum(
        PAUSE_S + (turn.runs + turn.settle) * once_s[method] for method, turn in turns.items()
    )
    return Plan(rounds, turns, _excess(rounds * a_round_s, budget.seconds, rounds))


def _share_s(wanted_s: Sequence[float], pot_s: float) -> float:
    """Find the most that one may take so that all are served who want less."""
    for at, wanted in enumerate(sorted(wanted_s)):
        share_s = pot_s / (len(wanted_s) - at)
        if wanted > share_s:
            return share_s
        pot_s -= wanted
    return max(wanted_s)


def _turn(once_s: float, share_s: float, most: int) -> Turn:
    runs = max(1, min(most, math.floor(_ROUNDING * share_s / max(once_s, 1e-9)) - 1))
    return Turn(runs=runs, settle=int(runs > 1))


def _excess(expected_s: float, budget_s: float, rounds: int) -> str | None:
    if expected_s <= _MARGIN * budget_s:
        return None
    return (
        f"runs are slow: {rounds} rounds took about {expected_s:.0f} s, more than the "
        f"{budget_s:g} s of --seconds"
    )
