"""What takes turns: parts of a method's process, one a view."""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from ...runtime.preprocess import VIEWS, View
from ..measuring.messages import Reply, Turn
from ..measuring.process import Process
from ..measuring.rounds import warm_up
from ..records.latency_result import Transfers

_WARM_RUNS = 5
_WARM_TURN_S = 0.1


@dataclass(frozen=True, slots=True)
class Entry:
    """What takes turns: parts of a method's process."""

    process: Process
    """Where they run."""

    parts: Mapping[View, str]
    """By view, the part's name there."""

    transfers: Transfers
    """What the parts time."""

    def turn(self, turn: Turn) -> Reply:
        """Run both views' parts, or those that the turn names."""
        changes = {"on_gpu": self.on_gpu, "parts": turn.parts or tuple(self.parts.values())}
        return self.process.reply(turn.model_copy(update=changes))

    @property
    def on_gpu(self) -> bool:
        """Whether the GPU runs the parts."""
        return self.transfers != "none"

    def once_s(self, runs: int = 1) -> float:
        """Run each part so often; return the sum of their median seconds."""
        times = self.turn(Turn(runs=runs)).times
        return sum(statistics.median(times[part]) for part in self.parts.values())

    def warm_up(self, limit_s: float) -> tuple[float, bool]:
        """Do as `rounds.warm_up`; of short runs a few make one time, since single ones vary."""
        runs = max(1, min(_WARM_RUNS, math.floor(_WARM_TURN_S / self.once_s())))
        return warm_up(partial(self.once_s, runs), limit_s / runs)


def entry_of(process: Process, transfers: Transfers, suffix: str = "") -> Entry:
    """Make an entry of the parts that are named as the views are, with what follows."""
    return Entry(process, {view: f"{view}{suffix}" for view in VIEWS}, transfers)
