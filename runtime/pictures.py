"""The picture behind a locator, as it stands in a gallery's `path` column."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .images import read_image
from .maps.tile import open_locator
from .object_store import is_stored, read_stored_image


def read_picture(locator: str) -> NDArray[np.uint8]:
    """
    Read again what an item read.

    Args:
        locator: as `Item.locator` gave it: an image file, an object's address or a tile of
            a map.

    Returns:
        [h, w, 3] uint8, RGB.

    Raises:
        DataError: it is missing or cannot be read.

    """
    if is_stored(locator):
        return read_stored_image(locator)
    tile = open_locator(locator)
    return tile.read() if tile else read_image(Path(locator))
