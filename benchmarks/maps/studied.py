"""A run whose maps are looked at."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...runtime.artifact import sha256_of
from ...runtime.errors import ConfigError
from ...training.checkpoint import WEIGHTS
from ...training.network import CLNet
from ...training.train_config import TrainConfig
from ..experiments.map_figures import has_learned_maps
from ..experiments.row_fields import circumstances, network_fields
from ..experiments.runs import read_config
from ..experiments.scoring import load_network


@dataclass(frozen=True, slots=True)
class Studied:
    """One run's folder, read."""

    folder: Path
    """With its checkpoint."""

    config: TrainConfig
    """Of the training."""

    network: CLNet
    """With the trained weights."""

    @property
    def name(self) -> str:
        """Return what rows and pictures call it."""
        return self.folder.resolve().name

    @property
    def sha256(self) -> str:
        """Return the hash of its weights."""
        return sha256_of(self.folder / WEIGHTS)

    @property
    def fields(self) -> dict[str, Any]:
        """Return what every row about it says."""
        artifacts = {"checkpoint": self.sha256}
        return {**circumstances(), **network_fields(self.network.config, artifacts)}


def study(folder: Path) -> Studied:
    """
    Read a run.

    Raises:
        ArtifactError: no finished run is there.
        ConfigError: it has no learned maps to look at.

    """
    network = load_network(folder)
    if not has_learned_maps(network):
        raise ConfigError(f"{folder} has no learned maps: train with network.maps.source: learned")
    return Studied(folder, read_config(folder), network)
