"""Commands: train, evaluate, make and check data sets."""

from .data import data
from .evaluate import evaluate
from .train import train

__all__ = ["data", "evaluate", "train"]
