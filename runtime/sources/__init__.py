"""What the user points at, as a sequence of items: images, folders, globs, tables, lists."""

from .crop import with_crop
from .source import read_source, read_sources

__all__ = ["read_source", "read_sources", "with_crop"]
