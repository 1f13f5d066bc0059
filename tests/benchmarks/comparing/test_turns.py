"""Two processes in turns."""

from typing import Any, cast

import pytest

from clnet.benchmarks.comparing.turns import Turns, median_ms, take_turns
from clnet.benchmarks.measuring.messages import Times, Turn
from clnet.benchmarks.measuring.process import Process


class Fake:
    """A process that takes so many seconds a run of each view, and writes down its turns."""

    def __init__(self, name: str, seconds: float, log: list[str], others: float = 0.0) -> None:
        self.name, self.others_cores = name, others
        self._seconds, self._log = seconds, log

    def once_s(self) -> float:
        return 2 * self._seconds

    def turn(self, turn: Turn) -> Times:
        self._log.append(f"{self.name}{turn.runs}")
        return {view: (self._seconds,) * turn.runs for view in ("ground", "satellite")}


def _taken(a: Any, b: Any, rounds: int = 3) -> Turns:
    return take_turns(cast("tuple[Process, Process]", (a, b)), rounds, lambda *_, **__: None)


def test_the_second_goes_first_in_every_other_round() -> None:
    log: list[str] = []
    _taken(Fake("A", 0.1, log), Fake("B", 0.1, log))
    assert log == ["A2", "B2", "B2", "A2", "A2", "B2"]


def test_both_run_as_often_as_the_slower_one_can_in_half_a_second() -> None:
    log: list[str] = []
    _taken(Fake("A", 0.001, log), Fake("B", 0.05, log), rounds=1)
    assert log == ["A5", "B5"]


def test_a_block_is_a_round_and_a_pair_is_both_views_of_a_run() -> None:
    times: Times = {"ground": (1.0, 2.0), "satellite": (10.0, 20.0)}
    turns = Turns((times, times), (times, times), ())
    assert turns.blocks_s("satellite")[0] == [(10.0, 20.0), (10.0, 20.0)]
    assert turns.blocks_s("pair")[1] == [[11.0, 22.0], [11.0, 22.0]]


def test_later_starts_follow_and_say_a_thing_once() -> None:
    times: Times = {"ground": (1.0,), "satellite": (2.0,)}
    joined = Turns((times,), (times,), ("x",)).joined([Turns((times,), (times,), ("x", "y"))])
    assert (len(joined.a), len(joined.b), joined.notes) == (2, 2, ("x", "y"))


def test_the_median_of_the_blocks_is_in_milliseconds() -> None:
    assert median_ms([[0.001, 0.002, 0.009], [0.003], [0.004]]) == pytest.approx(3.0)


def test_a_busy_machine_is_named() -> None:
    log: list[str] = []
    turns = _taken(Fake("A", 0.1, log, others=0.5), Fake("B", 0.1, log))
    assert turns.notes == ("others were at work meanwhile: the interval is wider than it need be",)
