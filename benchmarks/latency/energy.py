"""What an embedding costs in energy, where a counter is readable."""

import math
import statistics
from collections.abc import Mapping
from dataclasses import replace

from ...runtime.preprocess import View
from ...runtime.progress import Progress, silent
from ..measuring.messages import Energy, Turn
from ..measuring.plan import Key
from .entry import Entry
from .rows import Timed

COUNTED_S = 2.0
"""Seconds of runs that are counted: counters move some ten times a second."""


def with_energy(
    entries: Mapping[Key, Entry],
    timed: Mapping[Key, Timed],
    batch: int,
    progress: Progress = silent,
) -> tuple[dict[Key, Timed], tuple[str, ...]]:
    """
    Count each view alone, after the rounds, where a first short run shows a readable counter.

    Args:
        entries: what runs; those whose copies are left out are not counted.
        timed: the entries' rounds.
        batch: images a run.
        progress: told about each entry.

    Returns:
        The same with energy, and a sentence for each reason why there is none.

    Raises:
        MeasurementFailed: a method failed.

    """
    probes = {
        key: _energy(entry, Turn(energy=True))
        for key, entry in entries.items()
        if entry.transfers != "excluded"
    }
    reasons = [f"no energy: {one.reason}" for one in probes.values() if one.source is None]
    readable = {key: one.source for key, one in probes.items() if one.source is not None}
    counted = dict(timed)
    if readable:
        with progress(f"energy, batch {batch}", len(readable), "methods") as advance:
            for key, source in readable.items():
                counted[key] = _counted(entries[key], timed[key], batch, source)
                advance()
    return counted, tuple(dict.fromkeys(reasons))


def _counted(entry: Entry, timed: Timed, batch: int, source: str) -> Timed:
    found = {view: _counted_mj(entry, view, timed, batch) for view in entry.parts}
    known = {view: millijoules for view, millijoules in found.items() if millijoules is not None}
    return replace(timed, energy_mj=known, energy_source=source if known else None)


def _counted_mj(entry: Entry, view: View, timed: Timed, batch: int) -> float | None:
    once_s = statistics.median(timed.samples_s(view))
    runs = math.ceil(COUNTED_S / once_s)
    turn = Turn(runs=runs, settle=1, parts=(entry.parts[view],), energy=True)
    joules = _energy(entry, turn).joules
    return None if joules is None else 1e3 * joules / (runs * batch)


def _energy(entry: Entry, turn: Turn) -> Energy:
    energy = entry.turn(turn).energy
    assert energy is not None
    return energy
