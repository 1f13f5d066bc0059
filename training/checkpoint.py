"""A checkpoint: `model.safetensors` and `config.json`. Never a pickle."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from pydantic import NonNegativeInt
from torch import Tensor

from ..runtime.artifact import Artifact, sha256_of
from ..runtime.errors import ArtifactError
from .config import NetworkConfig
from .network import CLNet
from .safetensors_file import read_safetensors, write_tensors

WEIGHTS = "model.safetensors"
CONFIG = "config.json"

REMEDY = "use the clnet that wrote it, or train or import it again"


class Source(Artifact):
    """Where weights came from that were not trained here."""

    recipe: str
    """What they were trained for (training/recipes.py)."""

    file_sha256: str
    """Hash of the foreign file."""

    dropped: tuple[str, ...] = ()
    """Its tensors that are no part of an embedding: a classifier's."""

    def line(self) -> str:
        """Say it on one line."""
        dropped = f"; dropped the classifier: {', '.join(self.dropped)}" if self.dropped else ""
        return f"{self.recipe}, imported from a file of sha256 {self.file_sha256[:12]}…{dropped}"


class CheckpointConfig(Artifact):
    """What the weights belong to."""

    schema_version: Literal[1] = 1
    """Version of this layout; another one is refused."""

    network: NetworkConfig
    """The network to build before the weights are loaded."""

    steps: NonNegativeInt = 0
    """Training steps behind the weights."""

    source: Source | None = None
    """Set where the weights were imported."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A trained network, ready to embed (in evaluation mode)."""

    network: CLNet
    """With its weights, on the CPU."""

    weights_sha256: str
    """Hash of `model.safetensors`."""

    source: Source | None = None
    """Set where the weights were imported."""


def save_checkpoint(folder: Path, network: CLNet, steps: int, source: Source | None = None) -> None:
    """Write weights and config into `folder`, each aside and renamed."""
    CheckpointConfig(network=network.config, steps=steps, source=source).write(folder / CONFIG)
    write_tensors(folder / WEIGHTS, network.state_dict())


def load_checkpoint(folder: Path) -> Checkpoint:
    """
    Read a checkpoint that `save_checkpoint` wrote.

    Raises:
        ArtifactError: files are missing or damaged, the weights belong to another network or
            version of the code, or some are not finite.

    """
    config = _read_config(folder)
    network = CLNet(config.network)
    load_weights(network, folder / WEIGHTS)
    network.eval().requires_grad_(False)
    return Checkpoint(network, sha256_of(folder / WEIGHTS), config.source)


def load_weights(network: CLNet, path: Path) -> None:
    """
    Fill a network from a safetensors file.

    Raises:
        ArtifactError: as for `load_checkpoint`; up to three names at fault are listed.

    """
    weights = _read(path)
    fault = misfit(network.state_dict(), weights)
    if fault:
        raise ArtifactError(
            f"{path} is of another network or version of clnet: it {fault} ({REMEDY})"
        )
    network.load_state_dict(weights)


def start_from(network: CLNet, folder: Path) -> None:
    """
    Give a network that is about to be trained the weights of a checkpoint.

    Every weight of the checkpoint must find its place. Neural maps and heads that it does not
    have keep their random start: so a baseline becomes a CLNet.

    Raises:
        ArtifactError: as for `load_checkpoint`, or the two networks have other backbones.

    """
    _read_config(folder)
    weights, own = _read(folder / WEIGHTS), network.state_dict()
    added = {name for name in own if name.startswith(("maps.", "heads.")) and name not in weights}
    fault = misfit({name: own[name] for name in own if name not in added}, weights)
    if fault:
        raise ArtifactError(
            f"cannot start from {folder}: for the network of the config, it {fault}; give the "
            f"config the `network` that {folder / CONFIG} states"
        )
    network.load_state_dict(weights, strict=False)


def misfit(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> str | None:
    """Say how `found` differs in names, shapes or kinds, naming up to three; None if it fits."""
    both = wanted.keys() & found.keys()
    for what, names in (
        ("lacks", wanted.keys() - found.keys()),
        ("has unknown", found.keys() - wanted.keys()),
        ("has other shapes for", {n for n in both if wanted[n].shape != found[n].shape}),
        ("has other types for", {n for n in both if not _casts(found[n], wanted[n])}),
    ):
        if names:
            shown = ", ".join(sorted(names)[:3])
            return f"{what} {shown}" + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return None


def not_finite(weights: Mapping[str, Tensor]) -> str | None:
    """Name the first tensor that holds NaN or infinity; None if there is none."""
    return next((n for n, tensor in weights.items() if not torch.isfinite(tensor).all()), None)


def _casts(found: Tensor, wanted: Tensor) -> bool:
    return torch.can_cast(found.dtype, wanted.dtype)


def _read_config(folder: Path) -> CheckpointConfig:
    if not (folder / CONFIG).is_file():
        raise ArtifactError(
            f"{folder} is no checkpoint: it holds no {CONFIG}; make one with clnet-train"
        )
    try:
        return CheckpointConfig.read(folder / CONFIG)
    except ArtifactError as error:
        raise ArtifactError(f"{error} ({REMEDY})") from error


def _read(path: Path) -> dict[str, Tensor]:
    weights = read_safetensors(path)
    broken = not_finite(weights)
    if broken:
        raise ArtifactError(f"{path}: {broken} holds numbers that are not finite; train it again")
    return weights
