"""What a run needs to go on: one safetensors file, written whole or not at all."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import timm
import torch
from safetensors import SafetensorError, safe_open

from ...runtime.artifact import Artifact
from ...runtime.datasets import Place
from ...runtime.errors import ArtifactError
from ..safetensors_file import write_tensors
from .hard_negatives import Table
from .learner import Learner
from .optimizer import load_state_tensors, state_tensors
from .schedule import Position

STATE = "state.safetensors"


class Circumstances(Artifact):
    """What equal weights after a resumed run depend on, beside config and places."""

    torch: str = torch.__version__
    timm: str = timm.__version__
    numpy: str = np.__version__
    opencv: str = cv2.__version__
    device: str
    threads: int
    processes: int

    def differences(self, now: "Circumstances") -> list[str]:
        """Say what is different now: `torch 2.7.0, now 2.8.0`."""
        before, after = self.model_dump(), now.model_dump()
        return [f"{k} {before[k]}, now {after[k]}" for k in before if before[k] != after[k]]


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a saved run stands; its tensors are in the learner already."""

    position: Position
    """The batch to go on with."""

    table: Table | None
    """Of hard negatives."""

    circumstances: Circumstances
    """Under which it was saved."""


def fingerprint(places: Sequence[Place]) -> str:
    """Hash the ids of places in their order: batches are rows of this list."""
    return hashlib.sha256("\n".join(place.id for place in places).encode()).hexdigest()


def save_state(folder: Path, saved: Saved, places: str, learner: Learner) -> None:
    """
    Save weights, moments, average, scaler, position and table.

    Chance needs no state: every draw is a function of seed and step, or of seed, epoch and id.

    Args:
        folder: of the run.
        saved: what is no part of the learner.
        places: `fingerprint` of the training places.
        learner: the rest.

    """
    tensors = {f"network/{name}": value for name, value in learner.network.state_dict().items()}
    moments = state_tensors(learner.optimizer)
    tensors |= {f"optimizer/{name}": value for name, value in moments.items()}
    if learner.average is not None:
        tensors |= {f"average/{name}": value for name, value in learner.average.state().items()}
    if saved.table is not None:
        tensors["negatives"] = torch.from_numpy(saved.table)
    at = saved.position
    metadata = {
        "position": json.dumps([at.step, at.epoch, at.batch]),
        "scaler": json.dumps(learner.scaler.state_dict()),
        "places": places,
        "circumstances": saved.circumstances.model_dump_json(),
    }
    write_tensors(folder / STATE, tensors, metadata)


def load_state(folder: Path, places: str, learner: Learner) -> Saved:
    """
    Fill a learner from the last saved state.

    Raises:
        ArtifactError: the state is damaged, of another version, or of other places.

    """
    path = folder / STATE
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError) as error:
        raise ArtifactError(f"cannot resume from {path}: {error}") from error
    if metadata.get("places") != places:
        raise ArtifactError(
            f"{path} was saved with other training places: resume with the same --data, and with "
            "--skip-broken if the run had it"
        )
    try:
        return _restore(learner, tensors, metadata)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ArtifactError(
            f"{path} is of another version of clnet, or damaged: {str(error).splitlines()[0]}; "
            "resume with the version that wrote it"
        ) from error


def _restore(learner: Learner, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> Saved:
    learner.network.load_state_dict(_part(tensors, "network/"))
    load_state_tensors(learner.optimizer, _part(tensors, "optimizer/"))
    if learner.average is not None:
        learner.average.network.load_state_dict(_part(tensors, "average/"))
    if learner.scaler.is_enabled():
        learner.scaler.load_state_dict(json.loads(metadata["scaler"]))
    table = tensors.get("negatives")
    return Saved(
        Position(*json.loads(metadata["position"])),
        None if table is None else table.numpy(),
        Circumstances.model_validate_json(metadata["circumstances"]),
    )


def _part(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
