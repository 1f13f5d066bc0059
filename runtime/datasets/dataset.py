"""What every data set on disk offers, whatever its layout."""

from pathlib import Path
from typing import Literal, Protocol

from .place import Place, Split
from .task import Task

Layout = Literal["cvusa", "cvact", "vigor", "university1652"]

Area = Literal["same", "cross"]
"""VIGOR's two divisions: the same four cities in training and test, or two and two."""

Labels = Literal["original", "corrected"]
"""VIGOR's label files: `splits/` as published, or `splits__corrected/`."""


class Dataset(Protocol):
    """Files and coordinates. Nothing here opens an image."""

    @property
    def root(self) -> Path:
        """The folder."""
        ...

    @property
    def held_out(self) -> Split:
        """The split that a checkpoint is evaluated on: `val`, or `test` where there is no `val`."""
        ...

    def places(self, split: Split) -> list[Place]:
        """
        List the pairs of a split, in its file's order.

        Raises:
            DataError: the split is missing or empty, or has a row of another form; the message
                names file, row and remedy.
            ConfigError: the benchmark has no such split.

        """
        ...

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """
        List what a network is asked on a split.

        Raises:
            DataError: as `places`.
            ConfigError: as `places`.

        """
        ...
