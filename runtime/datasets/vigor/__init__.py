"""VIGOR: four cities, label rows with semi-positives."""

from .vigor import Vigor

__all__ = ["Vigor"]
