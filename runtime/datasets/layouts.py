"""The layouts of data sets that can be read, by name."""

from pathlib import Path
from typing import Literal

from .cvusa import read_cvusa
from .place import Place, Split

Layout = Literal["cvusa"]

_READERS = {"cvusa": read_cvusa}

LAYOUTS: tuple[str, ...] = tuple(_READERS)


def read_places(root: Path, layout: Layout, split: Split) -> list[Place]:
    """
    Read one split of a data set.

    Raises:
        DataError: the folder is not of that layout; the message names file and row.

    """
    return _READERS[layout](root, split)
