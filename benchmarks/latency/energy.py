"""What an embedding costs in energy, where a counter is readable."""

import math
import statistics
from collections.abc import Mapping
from dataclasses import replace

from ...runtime.preprocess import View
from ..measuring.messages import Energy, Turn
from ..measuring.plan import Key
from .entry import Entry
from .rows import Timed

COUNTED_S = 2.0
"""Seconds of runs that are counted: counters move some ten times a second."""


def with_energy(
    entries: Mapping[Key, Entry], timed: Mapping[Key, Timed], batch: int
) -> tuple[dict[Key, Timed], tuple[str, ...]]:
    """
    Count each view alone, after the rounds, where a first short run shows a readable counter.

    Args:
        entries: what runs.
        timed: the entries' rounds.
        batch: images a run.

    Returns:
        The same with energy, and a sentence for each reason why there is none.

    Raises:
        MeasurementFailed: a method failed.

    """
    counted, reasons = dict(timed), list[str]()
    for key, entry in entries.items():
        if entry.transfers == "excluded":
            continue
        probe = _energy(entry, Turn(energy=True))
        if probe.source is None:
            reasons.append(f"no energy: {probe.reason}")
            continue
        found = {view: _counted_mj(entry, view, timed[key], batch) for view in entry.parts}
        known = {view: millijoules for view, millijoules in found.items() if millijoules}
        counted[key] = replace(timed[key], energy_mj=known, energy_source=probe.source)
    return counted, tuple(dict.fromkeys(reasons))


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
