"""VIGOR: panoramas of four cities, each somewhere on one of a city's overlapping tiles."""

from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError
from .dataset import Area, Labels
from .faults import Faults
from .place import Place, Split
from .task import Task


@dataclass(frozen=True, slots=True)
class Vigor:
    """VIGOR: train and test, by one of two divisions."""

    root: Path
    faults: Faults
    area: Area = "same"
    labels: Labels = "original"
    held_out: Split = "test"

    def places(self, split: Split) -> list[Place]:
        """List the pairs of a split."""
        raise ConfigError(f"VIGOR {split} cannot be read yet")

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """List what a network is asked on a split."""
        raise ConfigError(f"VIGOR {split} cannot be read yet")
