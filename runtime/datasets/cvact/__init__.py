"""CVACT: ids, positions and splits in a .mat."""

from .cvact import Cvact

__all__ = ["Cvact"]
