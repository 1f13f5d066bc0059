"""University-1652: buildings seen by a drone and from above, a folder a building."""

from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError
from .faults import Faults
from .place import Place, Split
from .task import Task


@dataclass(frozen=True, slots=True)
class University1652:
    """University-1652: train and test."""

    root: Path
    faults: Faults
    held_out: Split = "test"

    def places(self, split: Split) -> list[Place]:
        """List the pairs of a split."""
        raise ConfigError(f"University-1652 {split} cannot be read yet")

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """List what a network is asked on a split."""
        raise ConfigError(f"University-1652 {split} cannot be read yet")
