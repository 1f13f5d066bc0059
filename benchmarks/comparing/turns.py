"""Two processes that take turns, warmed up: A B, B A, and so on."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Advance
from ..measuring.contention import BUSY_CORES
from ..measuring.messages import Times, Turn
from ..measuring.process import Process
from ..measuring.rounds import warm_up
from .interval import Samples

_TURN_S = 0.5
_TURN_RUNS = 20


@dataclass(frozen=True, slots=True)
class Turns:
    """What two processes gave, round by round."""

    a: tuple[Times, ...]
    """A's seconds of each run, by view."""

    b: tuple[Times, ...]
    """B's, taken beside them."""

    notes: tuple[str, ...]
    """What to distrust."""

    def joined(self, more: Sequence["Turns"]) -> "Turns":
        """Put the rounds of later starts behind these."""
        every = (self, *more)
        return Turns(
            a=tuple(turn for one in every for turn in one.a),
            b=tuple(turn for one in every for turn in one.b),
            notes=tuple(dict.fromkeys(note for one in every for note in one.notes)),
        )

    def blocks_s(self, view: View | Literal["pair"]) -> tuple[Samples, Samples]:
        """List A's and B's seconds by round; a pair is a ground run and the satellite's after."""
        return _blocks(self.a, view), _blocks(self.b, view)


def take_turns(processes: tuple[Process, Process], rounds: int, advance: Advance) -> Turns:
    """
    Warm both up and let them take turns, the second first in every other round.

    Args:
        processes: A's and B's, running.
        rounds: how many; each gives both one turn of equally many runs.
        advance: told after each turn.

    Raises:
        MeasurementFailed: a process failed.

    """
    warm = [warm_up(process.once_s) for process in processes]
    turn = _turn(max(seconds for seconds, _ in warm))
    taken: tuple[list[Times], list[Times]] = ([], [])
    for number in range(rounds):
        # what a method leaves to the next one, and a drift within a round, meet both alike
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            taken[side].append(processes[side].turn(turn))
            advance()
    notes = [
        f"{side}: not stationary after warm-up"
        for side, (_, settled) in zip("AB", warm, strict=True)
        if not settled
    ]
    if max(process.others_cores or 0.0 for process in processes) > BUSY_CORES:
        notes.append("others were at work meanwhile: the interval is wider than it need be")
    return Turns(tuple(taken[0]), tuple(taken[1]), tuple(notes))


def median_ms(blocks: Samples) -> float:
    """Take the median of the blocks' medians, in milliseconds."""
    return 1e3 * statistics.median(statistics.median(block) for block in blocks)


def _turn(slowest_s: float) -> Turn:
    """Plan half a second, at most 20 runs; of several runs, an untimed one warms the caches."""
    runs = max(1, min(_TURN_RUNS, math.floor(_TURN_S / slowest_s)))
    return Turn(runs=runs, settle=int(runs > 1))


def _blocks(turns: Sequence[Times], view: View | Literal["pair"]) -> Samples:
    if view != "pair":
        return [turn[view] for turn in turns]
    return [[sum(run) for run in zip(*(turn[one] for one in VIEWS), strict=True)] for turn in turns]
