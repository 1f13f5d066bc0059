"""The layouts of data sets that can be read, by name."""

from pathlib import Path

from typing_extensions import assert_never

from ..errors import ConfigError
from .cvact import Cvact
from .cvusa import Cvusa
from .dataset import Area, Dataset, Labels, Layout
from .faults import Faults
from .place import Place, Split
from .university1652 import University1652
from .vigor import Vigor

LAYOUTS: tuple[Layout, ...] = ("cvusa", "cvact", "vigor", "university1652")

SPLITS: dict[Layout, tuple[Split, ...]] = {
    "cvusa": ("train", "val"),
    "cvact": ("train", "val", "test"),
    "vigor": ("train", "test"),
    "university1652": ("train", "test"),
}
"""What each benchmark is divided into."""


def open_dataset(
    root: Path,
    layout: Layout,
    *,
    area: Area = "same",
    labels: Labels = "original",
    faults: Faults | None = None,
) -> Dataset:
    """
    Open a data set; files are read when they are asked for.

    Args:
        root: its folder.
        layout: how it lies on disk.
        area: VIGOR's division; the others have one.
        labels: VIGOR's label files; the others have one.
        faults: what to do with broken rows; None refuses the first.

    Raises:
        ConfigError: a division or label files that the layout does not have.

    """
    if layout != "vigor" and (area, labels) != ("same", "original"):
        raise ConfigError(f"area and labels are VIGOR's: layout {layout} has one of each")
    faults = faults or Faults()
    if layout == "cvusa":
        return Cvusa(root, faults)
    if layout == "cvact":
        return Cvact(root, faults)
    if layout == "vigor":
        return Vigor(root, faults, area, labels)
    if layout == "university1652":
        return University1652(root, faults)
    assert_never(layout)


def read_places(root: Path, layout: Layout, split: Split | None = None) -> list[Place]:
    """
    Read one split of a data set: None for the one that is held out.

    Raises:
        DataError: the folder is not of that layout; the message names file and row.
        ConfigError: the benchmark has no such split.

    """
    dataset = open_dataset(root, layout)
    return dataset.places(split or dataset.held_out)
