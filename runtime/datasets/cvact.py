"""CVACT's layout: `ACT_data.mat` lists ids and splits; folders hold the images."""

from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError
from .faults import Faults
from .place import Place, Split
from .task import Task


@dataclass(frozen=True, slots=True)
class Cvact:
    """CVACT: train, val and test."""

    root: Path
    faults: Faults
    held_out: Split = "val"

    def places(self, split: Split) -> list[Place]:
        """List the pairs of a split."""
        raise ConfigError(f"CVACT {split} cannot be read yet")

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """List what a network is asked on a split."""
        raise ConfigError(f"CVACT {split} cannot be read yet")
