"""Data sets on disk: files and coordinates, no tensors."""

from .dataset import Area, Dataset, Labels, Layout
from .faults import Faults
from .layouts import LAYOUTS, open_dataset, read_places
from .place import Place, Split, one_a_tile
from .sound import sound_places, sound_task
from .task import GalleryRows, Picture, Protocol, Task

__all__ = [
    "LAYOUTS",
    "Area",
    "Dataset",
    "Faults",
    "GalleryRows",
    "Labels",
    "Layout",
    "Picture",
    "Place",
    "Protocol",
    "Split",
    "Task",
    "one_a_tile",
    "open_dataset",
    "read_places",
    "sound_places",
    "sound_task",
]
