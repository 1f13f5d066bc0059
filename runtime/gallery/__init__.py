"""A gallery on disk or in object storage: embeddings with ids and coordinates, in a Lance table."""

from .places import GalleryRows, Places
from .reader import Gallery
from .table import GalleryInfo, NumberFormat
from .writer import GalleryWriter, gallery_writer

__all__ = [
    "Gallery",
    "GalleryInfo",
    "GalleryRows",
    "GalleryWriter",
    "NumberFormat",
    "Places",
    "gallery_writer",
]
