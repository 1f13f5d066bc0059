"""What a run needs to go on: one safetensors file, written whole or not at all."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from ..runtime.atomic import file_written_aside
from ..runtime.errors import ArtifactError
from .checkpoint import WEIGHTS
from .network import CLNet
from .optimizer import load_state_tensors, state_tensors
from .safetensors_file import write_tensors
from .train_config import TrainConfig

STATE = "state.safetensors"
LOG = "log.jsonl"


def check_folder(folder: Path, resume: bool) -> None:
    """
    Refuse a folder that a run cannot begin, or go on, in.

    Raises:
        ArtifactError: a new run where one is already, or nothing to resume.

    """
    if not resume and any((folder / name).exists() for name in (STATE, WEIGHTS)):
        raise ArtifactError(f"{folder} holds a run already: use --resume or another folder")
    if resume and not (folder / STATE).exists():
        finished = (folder / WEIGHTS).exists()
        why = "is a finished run" if finished else f"holds no {STATE}, the state of a run"
        raise ArtifactError(f"{folder} {why}: there is nothing to resume")


def save_state(
    folder: Path, step: int, config: TrainConfig, network: CLNet, optimizer: torch.optim.Optimizer
) -> None:
    """Save weights, optimizer moments, the step and the config that they belong to."""
    tensors = {f"network/{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"optimizer/{name}": value for name, value in state_tensors(optimizer).items()}
    metadata = {"step": str(step), "config": config.model_dump_json()}
    write_tensors(folder / STATE, tensors, metadata)


def load_state(
    folder: Path, config: TrainConfig, network: CLNet, optimizer: torch.optim.Optimizer
) -> int:
    """
    Fill network and optimizer from the last saved state.

    Returns:
        The step to go on from.

    Raises:
        ArtifactError: no state, a damaged one, or one of another config.

    """
    path = folder / STATE
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError) as error:
        raise ArtifactError(f"cannot resume from {path}: {error}") from error
    if metadata.get("config") != config.model_dump_json():
        raise ArtifactError(f"{path} was saved under another config; resume with that one")
    network.load_state_dict(_part(tensors, "network/"))
    load_state_tensors(optimizer, _part(tensors, "optimizer/"))
    return int(metadata["step"])


def cut_log(folder: Path, step: int) -> None:
    """Drop log rows of steps after `step`: they are about to be taken again."""
    path = folder / LOG
    rows = path.read_text().splitlines(keepends=True) if path.is_file() else []
    kept = [row for row in rows if row.endswith("\n") and json.loads(row)["step"] <= step]
    with file_written_aside(path) as aside:
        aside.write_text("".join(kept))


def _part(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
