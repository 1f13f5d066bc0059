"""What takes turns: parts of a method's process, one a view."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...runtime.preprocess import VIEWS, View
from ..measuring.messages import Reply, Turn
from ..measuring.process import Process
from ..records.latency_result import Transfers


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

    def once_s(self) -> float:
        """Run each part once; return the sum of their seconds."""
        times = self.turn(Turn()).times
        return sum(times[part][0] for part in self.parts.values())


def entry_of(process: Process, transfers: Transfers, suffix: str = "") -> Entry:
    """Make an entry of the parts that are named as the views are, with what follows."""
    return Entry(process, {view: f"{view}{suffix}" for view in VIEWS}, transfers)
