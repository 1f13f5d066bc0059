"""
The process of one method: its threads, environment and memory are its own.

Standard input brings a job and then turns, or another job; standard output takes replies and
nothing else.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TextIO, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ...runtime.errors import ClnetError
from ..machine.energy import open_energy_meter
from .messages import CUDA_EVENTS, Job, Reply, Times, Turn
from .observing import Observer, metered

Part = Callable[[], NDArray[Any] | None]
"""One run of one part; returns its result, or None where only the time matters."""


@runtime_checkable
class DeviceTimed(Protocol):
    """A part whose runs the GPU's own clock times, too."""

    def device_s(self) -> float:
        """Tell the seconds of the last run between two CUDA events."""
        ...


PAUSE_S = 0.05
"""Before each turn: the threads of the method before spin for some 25 ms, then sleep."""

_REQUEST: TypeAdapter[Job | Turn] = TypeAdapter(Job | Turn)


def serve(prepare: Callable[[str], Mapping[str, Part]], outputs: Path) -> int:
    """
    Prepare a job, save each part's first result, then measure one turn a line.

    Args:
        prepare: makes the parts from a job's line; called again for another job.
        outputs: folder that takes `<part>.npy`.

    Returns:
        The process's exit status.

    """
    replies = _private_stdout()
    try:
        parts = _prepared(prepare, sys.stdin.readline(), outputs)
        _say(replies, Reply(parts=tuple(parts)))
        for line in sys.stdin:
            request = _REQUEST.validate_json(line)
            if isinstance(request, Job):
                parts = _prepared(prepare, request.job, outputs)
                _say(replies, Reply(parts=tuple(parts)))
            else:
                _say(replies, measure(parts, request))
    except ClnetError as error:
        _say(replies, Reply(failure=str(error)))
    except Exception as error:  # the process's edge: the caller gets every reason as data
        _say(replies, Reply(failure=" ".join(f"{type(error).__name__}: {error}".split())))
    return 0


def measure(parts: Mapping[str, Part], turn: Turn) -> Reply:
    """
    Run the parts in turn and time each run by the host's monotonic clock.

    Args:
        parts: what can run; a `DeviceTimed` one is timed by CUDA events, too.
        turn: which of them, and how often.

    """
    chosen = {name: parts[name] for name in turn.parts or parts}
    time.sleep(PAUSE_S)
    observer = Observer(on_gpu=turn.on_gpu)
    for _ in range(turn.settle):
        for run in chosen.values():
            run()
    work = partial(_timed, chosen, turn.runs)
    if turn.energy:
        times, energy = metered(open_energy_meter(on_gpu=turn.on_gpu), work)
    else:
        times, energy = work(), None
    return Reply(times=times, energy=energy, **observer.seen())


def _timed(parts: Mapping[str, Part], runs: int) -> Times:
    seconds: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(runs):
        for name, run in parts.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
            if isinstance(run, DeviceTimed):
                seconds.setdefault(f"{name} {CUDA_EVENTS}", []).append(run.device_s())
    return {name: tuple(values) for name, values in seconds.items()}


def _prepared(
    prepare: Callable[[str], Mapping[str, Part]], line: str, outputs: Path
) -> Mapping[str, Part]:
    parts = prepare(line)
    for name, run in parts.items():
        result = run()
        if result is not None:
            np.save(outputs / f"{name}.npy", result)
    return parts


def _private_stdout() -> TextIO:
    """Keep standard output for replies; whatever libraries print goes to standard error."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return replies


def _say(replies: TextIO, reply: Reply) -> None:
    replies.write(reply.model_dump_json() + "\n")
    replies.flush()
