"""Images for training and evaluation: decoded in threads, fitted, kept in memory if small."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..runtime.cores import usable_cores
from ..runtime.datasets import Place
from ..runtime.images import read_image
from ..runtime.preprocess import Preprocess, View
from ..runtime.progress import Progress, silent
from .config import NetworkConfig

Images = NDArray[np.uint8]


class ViewImages:
    """The images of one view, at the network's size."""

    def __init__(self, paths: Sequence[Path], preprocess: Preprocess) -> None:
        """Remember where the images are; nothing is read yet."""
        self.preprocess = preprocess
        self._paths = paths
        self._cache: Images | None = None

    def __len__(self) -> int:
        return len(self._paths)

    @property
    def fitted_bytes(self) -> int:
        """Memory that all images would take."""
        return len(self) * 3 * self.preprocess.height * self.preprocess.width

    def load(self, rows: NDArray[np.int64]) -> Images:
        """
        Load some images.

        Args:
            rows: [B] int64, indices into the paths.

        Returns:
            [B, H, W, 3] uint8, RGB, the caller's to keep.

        Raises:
            DataError: an image is missing or cannot be decoded.

        """
        if self._cache is not None:
            return self._cache[rows]
        with ThreadPoolExecutor(usable_cores()) as pool:
            return np.stack(list(pool.map(self._read, rows)))

    def keep(self, progress: Progress = silent) -> None:
        """
        Decode every image now and keep it in memory.

        Raises:
            DataError: an image is missing or cannot be decoded.

        """
        shape = (len(self), self.preprocess.height, self.preprocess.width, 3)
        cache = np.empty(shape, np.uint8)
        with (
            ThreadPoolExecutor(usable_cores()) as pool,
            progress(f"decode {self.preprocess.view}", len(self)) as advance,
        ):
            for row, image in enumerate(pool.map(self._read, range(len(self)))):
                cache[row] = image
                advance()
        self._cache = cache

    def _read(self, row: int) -> Images:
        return self.preprocess.fit(read_image(self._paths[row]))


@dataclass(frozen=True, slots=True)
class PairedImages:
    """Both views of the same places: row i of one shows what row i of the other shows."""

    ground: ViewImages
    """One image a place."""

    satellite: ViewImages
    """One image a place."""

    def __len__(self) -> int:
        return len(self.ground)

    def view(self, view: View) -> ViewImages:
        """Return one view's images."""
        return self.ground if view == "ground" else self.satellite


def paired_images(
    places: Sequence[Place],
    network: NetworkConfig,
    *,
    cache_mib: int = 2048,
    progress: Progress = silent,
) -> PairedImages:
    """
    Prepare a data set; decode it now if it fits the cache, else at every use.

    Args:
        places: what to load.
        network: sizes of the two views.
        cache_mib: memory that decoded images may take.
        progress: told about decoding.

    Raises:
        DataError: an image is missing or cannot be decoded (where it is decoded now).

    """
    ground = ViewImages([place.ground for place in places], network.ground)
    satellite = ViewImages([place.satellite for place in places], network.satellite)
    if ground.fitted_bytes + satellite.fitted_bytes <= cache_mib * 2**20:
        ground.keep(progress)
        satellite.keep(progress)
    return PairedImages(ground, satellite)
