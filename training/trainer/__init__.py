"""The trainer: one step, the loop around it, and what a run keeps so that it can go on."""

from .run_folder import check_folder
from .trainer import Trainer

__all__ = ["Trainer", "check_folder"]
