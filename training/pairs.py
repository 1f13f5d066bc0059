"""Pairs of images for training and evaluation: decoded once, fitted, kept in memory if small."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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


class PairedImages:
    """The two images of each place, at the network's sizes."""

    def __init__(
        self,
        places: Sequence[Place],
        network: NetworkConfig,
        *,
        cache_mib: int = 2048,
        progress: Progress = silent,
    ) -> None:
        """
        Prepare a data set; decode it now if it fits the cache, else at every use.

        Args:
            places: what to load; row i of every array is places[i].
            network: sizes of the two views.
            cache_mib: memory that decoded images may take.
            progress: told about decoding.

        Raises:
            DataError: an image is missing or cannot be decoded (where it is decoded now).

        """
        self.places = places
        self._network = network
        self._threads = usable_cores()
        sizes = [network.ground, network.satellite]
        pair_bytes = sum(3 * size.height * size.width for size in sizes)
        self._cache: dict[View, Images] = {}
        if len(places) * pair_bytes <= cache_mib * 2**20:
            self._fill_cache(progress)

    def __len__(self) -> int:
        return len(self.places)

    def images(self, view: View, rows: NDArray[np.int64]) -> Images:
        """
        Load one view of some places.

        Args:
            view: ground or satellite.
            rows: [B] int64, indices into the places.

        Returns:
            [B, H, W, 3] uint8, RGB, the caller's to keep.

        Raises:
            DataError: an image is missing or cannot be decoded.

        """
        if view in self._cache:
            return self._cache[view][rows]
        with ThreadPoolExecutor(self._threads) as pool:
            return np.stack(list(pool.map(self._load, [(view, int(row)) for row in rows])))

    def _fill_cache(self, progress: Progress) -> None:
        views: tuple[View, View] = ("ground", "satellite")
        with (
            ThreadPoolExecutor(self._threads) as pool,
            progress("decode", 2 * len(self.places)) as advance,
        ):
            for view in views:
                size = self._network.preprocess(view)
                shape = (len(self.places), size.height, size.width, 3)
                cache = np.empty(shape, np.uint8)
                wanted = [(view, row) for row in range(len(self.places))]
                for row, image in enumerate(pool.map(self._load, wanted)):
                    cache[row] = image
                    advance()
                self._cache[view] = cache

    def _load(self, wanted: tuple[View, int]) -> Images:
        view, row = wanted
        place = self.places[row]
        path: Path = place.ground if view == "ground" else place.satellite
        preprocess: Preprocess = self._network.preprocess(view)
        return preprocess.fit(read_image(path))
