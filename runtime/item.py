"""One image to embed: a file, and where it was taken."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .images import read_image


@dataclass(frozen=True, slots=True)
class Item:
    """One image to embed. The file may turn out to be missing or corrupt."""

    id: str
    """Unique within a source and within a gallery."""

    path: Path
    """The image file."""

    latitude: float | None = None
    """WGS84 degrees; None where the source does not say."""

    longitude: float | None = None
    """WGS84 degrees; None where the source does not say."""

    @property
    def locator(self) -> str:
        """Say where the picture is, so that it can be found again."""
        return str(self.path.absolute())

    def read(self) -> NDArray[np.uint8]:
        """
        Decode the picture.

        Returns:
            [h, w, 3] uint8, RGB.

        Raises:
            DataError: it is missing or cannot be read.

        """
        return read_image(self.path)
