"""CVUSA: a CSV a split, and coordinates by row."""

from .cvusa import Cvusa

__all__ = ["Cvusa"]
