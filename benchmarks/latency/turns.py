"""Let methods take turns, each in its own process, after each has warmed up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic

from ...runtime.progress import Progress, silent
from ..measuring.messages import CUDA_EVENTS, Reply, Times
from ..measuring.observing import worst_of
from ..measuring.plan import Budget, Key, plan
from ..measuring.rounds import interleave
from ..records.latency_result import Clock
from .energy import with_energy
from .entry import Entry
from .rows import Timed

_WARM_UP_S = 2.0


@dataclass(frozen=True, slots=True)
class Timings(Generic[Key]):
    """The turns of all entries."""

    timed: Mapping[Key, Timed]
    """By the host's clock."""

    by_events: Mapping[Key, Timed]
    """The same runs by CUDA events, where the parts have them."""

    notes: tuple[str, ...]
    """What a reader must know."""


def time_entries(
    entries: Mapping[Key, Entry], batch: int, budget: Budget, progress: Progress = silent
) -> Timings[Key]:
    """
    Warm the entries up, plan the rounds by what that took, and measure.

    Args:
        entries: by name; their processes run, and go on running.
        batch: B, images of each view in a run.
        budget: how long it may take.
        progress: told about each turn.

    Raises:
        MeasurementFailed: a method failed.

    """
    limit_s = max(_WARM_UP_S, budget.seconds / len(entries))
    with progress(f"warm up, batch {batch}", len(entries), "methods") as advance:
        warm = {}
        for key, entry in entries.items():
            warm[key] = entry.warm_up(limit_s)
            advance()
    planned = plan({key: seconds for key, (seconds, _) in warm.items()}, budget)
    turns = {key: partial(one.turn, planned.turns[key]) for key, one in entries.items()}
    label, total = f"measure, batch {batch}", planned.rounds * len(entries)
    with progress(label, total, "turns") as advance:
        taken = interleave(turns, planned.rounds, advance)
    settled = {key: stationary for key, (_, stationary) in warm.items()}
    timed = {key: _timed(one, taken[key], settled[key], "host") for key, one in entries.items()}
    by_events = {
        key: _timed(one, taken[key], settled[key], "cuda_events")
        for key, one in entries.items()
        if all(_name(part, "cuda_events") in taken[key][0].times for part in one.parts.values())
    }
    timed, reasons = with_energy(entries, timed, batch, progress)
    slow = () if planned.excess is None else (f"batch {batch}: {planned.excess}",)
    return Timings(timed, by_events, (*slow, *reasons))


def _timed(entry: Entry, replies: Sequence[Reply], stationary: bool, clock: Clock) -> Timed:
    turns: list[Times] = [
        {view: reply.times[_name(part, clock)] for view, part in entry.parts.items()}
        for reply in replies
    ]
    others = [reply.others_cores for reply in replies if reply.others_cores is not None]
    peaks = [reply.peak_mib for reply in replies if reply.peak_mib is not None]
    on_device = [reply.peak_device_mib for reply in replies if reply.peak_device_mib is not None]
    return Timed(
        turns=turns,
        stationary=stationary,
        others_cores=sum(others) / len(others) if others else None,
        transfers=entry.transfers,
        clock=clock,
        peak_host_mib=max(peaks, default=None),
        peak_device_mib=max(on_device, default=None),
        conditions=worst_of([one.conditions for one in replies if one.conditions is not None]),
    )


def _name(part: str, clock: Clock) -> str:
    return f"{part} {CUDA_EVENTS}" if clock == "cuda_events" else part
