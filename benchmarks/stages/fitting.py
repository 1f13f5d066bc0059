"""The steps from an image file to the network's input, one by one."""

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.item import Item
from ...runtime.preprocess import Preprocess


def items_in(folder: Path) -> list[Item]:
    """List a folder's image files."""
    return [Item(path.stem, path) for path in sorted(folder.iterdir())]


class Fitting:
    """Decodes and resizes one image after another, over and over."""

    item: Item
    """What was decoded last."""

    pixels: NDArray[np.uint8]
    """[h, w, 3], RGB."""

    fitted: NDArray[np.uint8]
    """[H, W, 3], RGB, of the network's size."""

    def __init__(self, preprocess: Preprocess, items: Sequence[Item]) -> None:
        self._preprocess = preprocess
        self._items = cycle(items)

    def decode(self) -> None:
        """
        Read the next item.

        Raises:
            DataError: it cannot be read.

        """
        self.item = next(self._items)
        self.pixels = self.item.read()

    def preprocess(self) -> None:
        """Bring what was decoded to the network's size."""
        self.fitted = self._preprocess.fit(self.pixels, self.item.crop)
