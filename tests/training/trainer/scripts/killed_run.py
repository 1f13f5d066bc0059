"""A training run that kills its own process."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coloured import coloured_places

import clnet.training.safetensors_file as safetensors_file
from clnet.runtime.datasets.paired_task import paired_task
from clnet.training.train_config import TrainConfig
from clnet.training.trainer import Trainer, learner, trainer

CONFIG = TrainConfig.model_validate(
    {
        "network": {
            "backbone": "convnext_atto",
            "backbone_options": {
                "kernel_sizes": 3,
                "depths": [1, 1, 1, 1],
                "dims": [8, 16, 24, 32],
                "drop_path_rate": 0.2,
            },
            "maps": {"converter": {"width": 8}},
            "batch_norm": True,
            "ground": {"view": "ground", "height": 32, "width": 128, "panorama": {}},
            "satellite": {"view": "satellite", "height": 64, "width": 64},
        },
        "epochs": 4,
        "batch_size": 8,
        "warmup_epochs": 0.5,
        "save_every": 2,
        "evaluate_every_epochs": 1,
        "precision": "fp16",
        "clip": {"kind": "norm", "at": 1.0},
        "ema_decay": 0.9,
        "negatives": {
            "kind": "gps-then-similarity",
            "table": 8,
            "neighbours": 4,
            "nearest": 2,
            "refresh_every_epochs": 2,
        },
    }
)
"""Everything that a state must hold: average, scaler, both kinds of tables, dropout, parts."""


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def nth(count: int, function: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """Die at the `count`-th call: before the function's work, or right after it."""
    calls = 0

    def called(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count and not after:
            die()
        result = function(*arguments, **named)
        if calls == count:
            die()
        return result

    return called


def arm(moment: str, count: int) -> None:
    """Lay the trap."""
    traps: dict[str, tuple[Any, str, bool]] = {
        "in a step": (learner, "symmetric_info_nce", True),
        "before a save": (trainer, "save_state", False),
        "in a save": (safetensors_file, "save_file", True),  # written aside, not yet renamed
        "after a save": (trainer, "save_state", True),
        "after an evaluation": (trainer, "evaluate", True),
        "after new negatives": (trainer, "embed_places", True),
        "after the checkpoint": (trainer, "save_checkpoint", True),
        "at the very end": (trainer, "end_run", False),
    }
    module, name, after = traps[moment]
    setattr(module, name, nth(count, getattr(module, name), after=after))


def run(folder: Path, pictures: Path, *, resume: bool) -> None:
    """Train on coloured places."""
    places = coloured_places(pictures / "train", 24, seed=0)
    held_out = coloured_places(pictures / "held-out", 12, seed=1)
    Trainer(CONFIG, places, [paired_task("colours", held_out)], folder).run(resume=resume)


def run_and_die(folder: Path, pictures: Path, moment: str, count: int) -> None:
    """Begin, or go on, and die; for a process of its own."""
    arm(moment, count)
    run(folder, pictures, resume=(folder / "train.json").exists())
