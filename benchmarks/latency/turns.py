"""Let methods take turns, each in its own process, after each has warmed up."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from ...runtime.progress import Progress, silent
from ..measuring.process import Process
from ..measuring.rounds import interleave, plan_turn, warm_up
from .rows import Method, Timed


def time_methods(
    processes: Mapping[Method, Process], rounds: int, progress: Progress = silent
) -> dict[Method, Timed]:
    """
    Start the processes, warm them up, measure, and end them.

    Args:
        processes: by method, its process, not yet started.
        rounds: interleaved rounds; each gives every method one turn of one or more runs.
        progress: told about each turn.

    Raises:
        MeasurementFailed: a method failed.

    """
    with ExitStack() as stack:
        for process in processes.values():
            stack.enter_context(process)
        return time_started(processes, rounds, progress)


def time_started(
    processes: Mapping[Method, Process], rounds: int, progress: Progress = silent
) -> dict[Method, Timed]:
    """Do as `time_methods` with processes that run already, and leave them running."""
    with progress("warm up", len(processes), "methods") as advance:
        warm = {}
        for method, process in processes.items():
            warm[method] = warm_up(process.once_s)
            advance()
    turn = plan_turn(max(seconds for seconds, _ in warm.values()))
    turns = {method: partial(one.turn, turn) for method, one in processes.items()}
    with progress("measure", rounds * len(processes), "turns") as advance:
        taken = interleave(turns, rounds, advance)
    return {
        method: Timed(
            turns=tuple(taken[method]),
            stationary=warm[method][1],
            others_cores=one.others_cores,
        )
        for method, one in processes.items()
    }
