"""Let methods take turns, each in its own process, after each has warmed up."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from ..runtime.progress import Progress, silent
from .latency_rows import Method, Timed
from .process import Process
from .rounds import interleave, plan_turn, warm_up


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
    with ExitStack() as stack, progress("measure", rounds * len(processes), "turns") as advance:
        for process in processes.values():
            stack.enter_context(process)
        warm = {method: warm_up(one.once_s) for method, one in processes.items()}
        turn = plan_turn(max(seconds for seconds, _ in warm.values()))
        turns = {method: partial(one.turn, turn) for method, one in processes.items()}
        taken = interleave(turns, rounds, advance)
    return {
        method: Timed(
            turns=tuple(taken[method]),
            stationary=warm[method][1],
            others_cores=one.others_cores,
        )
        for method, one in processes.items()
    }
