"""University-1652: a folder a building."""

from .university1652 import University1652

__all__ = ["University1652"]
