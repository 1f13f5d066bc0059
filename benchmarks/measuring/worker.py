"""
The process of one method: its threads, environment and memory are its own.

Standard input brings a job and then turns; standard output takes replies and nothing else.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import ClnetError
from .contention import Watch
from .messages import Reply, Turn
from .resident import peak_mib

Part = Callable[[], NDArray[Any] | None]
"""One run of one part; returns its result, or None where only the time matters."""

PAUSE_S = 0.05
"""Before each turn: the threads of the method before spin for some 25 ms, then sleep."""


def serve(prepare: Callable[[str], Mapping[str, Part]], outputs: Path) -> int:
    """
    Prepare a job, save each part's first result, then measure one turn a line.

    Args:
        prepare: makes the parts from the job's line.
        outputs: folder that takes `<part>.npy`.

    Returns:
        The process's exit status.

    """
    replies = _private_stdout()
    try:
        parts = prepare(sys.stdin.readline())
        for name, run in parts.items():
            result = run()
            if result is not None:
                np.save(outputs / f"{name}.npy", result)
        _say(replies, Reply())
        for line in sys.stdin:
            _say(replies, measure(parts, Turn.model_validate_json(line)))
    except ClnetError as error:
        _say(replies, Reply(failure=str(error)))
    except Exception as error:  # the process's edge: the caller gets every reason as data
        _say(replies, Reply(failure=" ".join(f"{type(error).__name__}: {error}".split())))
    return 0


def measure(parts: Mapping[str, Part], turn: Turn) -> Reply:
    """Run the parts in turn and time each run by the host's monotonic clock."""
    time.sleep(PAUSE_S)
    watch = Watch()
    for _ in range(turn.settle):
        for run in parts.values():
            run()
    seconds: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(turn.runs):
        for name, run in parts.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    times = {name: tuple(values) for name, values in seconds.items()}
    return Reply(times=times, others_cores=watch.others_cores(), peak_mib=peak_mib())


def _private_stdout() -> TextIO:
    """Keep standard output for replies; whatever libraries print goes to standard error."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return replies


def _say(replies: TextIO, reply: Reply) -> None:
    replies.write(reply.model_dump_json() + "\n")
    replies.flush()
