"""The folder of a run: what may begin, or go on, in it."""

import shutil
from pathlib import Path

from ...runtime.errors import ArtifactError
from ..checkpoint import WEIGHTS
from ..train_config import TrainConfig
from .log import LOG, TENSORBOARD
from .run_state import STATE

CONFIG = "train.json"
"""The config of the run, written before its first step."""


def check_folder(folder: Path, config: TrainConfig, resume: bool) -> None:
    """
    Refuse a folder that a run cannot begin, or go on, in.

    Raises:
        ArtifactError: a new run where one is already, nothing to resume, or a run of another
            config; the folder may not be searched.

    """
    try:
        _check(folder, config, resume)
    except OSError as error:
        raise ArtifactError(f"cannot look into {folder}: {error.strerror or error}") from error


def _check(folder: Path, config: TrainConfig, resume: bool) -> None:
    if not resume:
        if any((folder / name).exists() for name in (STATE, WEIGHTS)):
            raise ArtifactError(f"{folder} holds a run already: use --resume or another folder")
        return
    if not (folder / STATE).exists() and (folder / WEIGHTS).exists():
        raise ArtifactError(f"{folder} is a finished run: there is nothing to resume")
    if not (folder / CONFIG).exists():
        raise ArtifactError(f"{folder} holds no {CONFIG} of a run: there is nothing to resume")
    if TrainConfig.read(folder / CONFIG).deciding() != config.deciding():
        raise ArtifactError(
            f"{folder / CONFIG} is of a run under another config; resume with that one"
        )


def has_state(folder: Path) -> bool:
    """Say whether the run was saved: one that was killed before its first save begins anew."""
    return (folder / STATE).exists()


def prepare_folder(folder: Path, config: TrainConfig) -> None:
    """
    Make the folder of a run that begins; what one that was cut before a save left goes.

    Raises:
        ArtifactError: the folder cannot be made or written.

    """
    config.write(folder / CONFIG)
    clear_asides(folder)
    (folder / LOG).unlink(missing_ok=True)
    shutil.rmtree(folder / TENSORBOARD, ignore_errors=True)


def clear_asides(folder: Path) -> None:
    """Delete what a killed process was writing: such files are never renamed any more."""
    for name in (STATE, WEIGHTS):
        for aside in folder.glob(f".{name}.*"):
            aside.unlink()


def end_run(folder: Path) -> None:
    """Delete the state: the checkpoint stands."""
    (folder / STATE).unlink(missing_ok=True)
