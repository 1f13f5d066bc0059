"""Data sets on disk: files and coordinates, no tensors."""

from .cvusa import read_cvusa
from .layouts import LAYOUTS, Layout, read_places
from .place import Place, Split

__all__ = ["LAYOUTS", "Layout", "Place", "Split", "read_cvusa", "read_places"]
