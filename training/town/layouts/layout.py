"""How a town is put on disk: what a benchmark's layout decides, and nothing about rendering."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..assignment import Assignment
from ..config import TownConfig
from ..survey import Survey

Row = TypeVar("Row")
"""What a layout remembers of one world for its lists, beside the pictures: small, picklable."""


class TownLayout(Protocol[Row]):
    """
    One benchmark's layout.

    `write_world` runs in that world's own process, the rest in the caller's. A layout holds no
    state: everything comes from the configuration and from the rows, which arrive in the order
    of the assignments, whichever world was ready first.
    """

    def assign(self, config: TownConfig) -> list[Assignment]:
        """
        Deal the places over worlds; ids count up from 1 without gaps.

        Raises:
            DataError: the layout cannot hold such a town.

        """
        ...

    def make_folders(self, root: Path) -> None:
        """Create the folders under `root`, before any world is written."""
        ...

    def write_world(self, root: Path, survey: Survey) -> Row:
        """Photograph one world's places and write the pictures; hand back what lists need."""
        ...

    def write_lists(self, root: Path, config: TownConfig, rows: Sequence[Row]) -> None:
        """Write the benchmark's lists, from one row per world."""
        ...

    def sheet(self, root: Path, config: TownConfig, rows: Sequence[Row]) -> NDArray[np.uint8]:
        """Lay some of the written pictures out for people to look at; [h, w, 3] uint8 RGB."""
        ...

    def summary(self, config: TownConfig, rows: Sequence[Row]) -> str:
        """Say what was written: `4000 training and 500 test places`."""
        ...
