"""A checkpoint: `model.safetensors` and `config.json`. Never a pickle."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from pydantic import NonNegativeInt
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from ..runtime.artifact import Artifact, sha256_of
from ..runtime.atomic import file_written_aside
from ..runtime.errors import ArtifactError
from .config import NetworkConfig
from .network import CLNet

WEIGHTS = "model.safetensors"
CONFIG = "config.json"


class CheckpointConfig(Artifact):
    """What the weights belong to."""

    schema_version: Literal[1] = 1
    """Version of this layout; another one is refused."""

    network: NetworkConfig
    """The network to build before the weights are loaded."""

    steps: NonNegativeInt = 0
    """Training steps behind the weights."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A trained network, ready to embed (in evaluation mode)."""

    network: CLNet
    """With its weights, on the CPU."""

    weights_sha256: str
    """Hash of `model.safetensors`."""


def save_checkpoint(folder: Path, network: CLNet, steps: int) -> None:
    """Write weights and config into `folder`, each aside and renamed."""
    CheckpointConfig(network=network.config, steps=steps).write(folder / CONFIG)
    with file_written_aside(folder / WEIGHTS) as aside:
        save_file({k: v.contiguous() for k, v in network.state_dict().items()}, aside)


def load_checkpoint(folder: Path) -> Checkpoint:
    """
    Read a checkpoint that `save_checkpoint` wrote.

    Raises:
        ArtifactError: files are missing or damaged, the weights belong to another network or
            version of the code, or some are not finite.

    """
    if not (folder / CONFIG).is_file():
        raise ArtifactError(
            f"{folder} is no checkpoint: it holds no {CONFIG}; make one with clnet-train"
        )
    config = CheckpointConfig.read(folder / CONFIG)
    network = CLNet(config.network)
    load_weights(network, folder / WEIGHTS)
    network.eval().requires_grad_(False)
    return Checkpoint(network, sha256_of(folder / WEIGHTS))


def load_weights(network: CLNet, path: Path) -> None:
    """
    Fill a network from a safetensors file.

    Raises:
        ArtifactError: as for `load_checkpoint`; up to three names at fault are listed.

    """
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ArtifactError(f"cannot read {path}: {error}") from error
    wanted = {name: tensor.shape for name, tensor in network.state_dict().items()}
    missing = sorted(wanted.keys() - weights.keys())
    foreign = sorted(weights.keys() - wanted.keys())
    shapes = [n for n in wanted.keys() & weights.keys() if wanted[n] != weights[n].shape]
    for what, names in (
        ("lacks", missing),
        ("has unknown", foreign),
        ("has other shapes for", shapes),
    ):
        if names:
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            raise ArtifactError(
                f"{path} is of another network or version of clnet: it {what} {shown}"
            )
    broken = [name for name, tensor in weights.items() if not bool(torch.isfinite(tensor).all())]
    if broken:
        raise ArtifactError(
            f"{path}: {broken[0]} holds numbers that are not finite; train it again"
        )
    network.load_state_dict(weights)
