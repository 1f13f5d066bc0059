"""The images of one view, at the network's size, in memory if someone says so."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.cores import usable_cores
from ...runtime.errors import DataError
from ...runtime.images import read_image
from ...runtime.preprocess import Preprocess
from ...runtime.progress import Progress, silent
from ...runtime.read_ahead import read_ahead

Images = NDArray[np.uint8]

AHEAD = 16
"""Decoded images that may wait for their place in memory."""


class ViewImages:
    """Images by their row. A file that several rows name is kept once."""

    def __init__(
        self, paths: Sequence[Path], preprocess: Preprocess, listed: Sequence[str] = ()
    ) -> None:
        """
        Remember where the images are; nothing is read yet.

        Args:
            paths: one a row.
            preprocess: of the view.
            listed: where each path is listed (`Place.row`), for messages; empty where nobody knows.

        """
        self.preprocess = preprocess
        numbers = {path: number for number, path in enumerate(dict.fromkeys(paths))}
        self._files = list(numbers)
        self._file_of_row = np.fromiter((numbers[path] for path in paths), np.int64, len(paths))
        self._listed = listed
        self._kept: Images | None = None

    def __len__(self) -> int:
        return len(self._file_of_row)

    @property
    def fitted_bytes(self) -> int:
        """Memory that all images would take."""
        return len(self._files) * 3 * self.preprocess.height * self.preprocess.width

    def image(self, row: int) -> Images:
        """
        Return one image; any number of threads may ask at once.

        Returns:
            [H, W, 3] uint8, RGB, not the caller's to change.

        Raises:
            DataError: the file is missing or cannot be decoded; names it, and where it is listed.

        """
        file = int(self._file_of_row[row])
        if self._kept is not None:
            kept: Images = self._kept[file]
            return kept
        try:
            return self._decoded(file)
        except DataError as error:
            listed = self._listed[row] if len(self._listed) else ""
            where = f"{listed}: " if listed else ""
            raise DataError(
                f"{where}{error}; mend the file, or leave it out with --skip-broken"
            ) from error

    def load(self, rows: NDArray[np.int64]) -> Images:
        """
        Load some images.

        Args:
            rows: [B] int64.

        Returns:
            [B, H, W, 3] uint8, RGB, the caller's to keep.

        Raises:
            DataError: as `image`.

        """
        if self._kept is not None:
            return self._kept[self._file_of_row[rows]]
        with ThreadPoolExecutor(usable_cores(), "clnet-decode") as pool:
            return np.stack(list(pool.map(self.image, rows.tolist())))

    def keep(self, progress: Progress = silent, threads: int | None = None) -> None:
        """
        Decode every image now and keep it in memory.

        Args:
            progress: told about each file.
            threads: that decode; None takes the cores this process may use.

        Raises:
            DataError: as `image`.

        """
        shape = (len(self._files), self.preprocess.height, self.preprocess.width, 3)
        kept = np.empty(shape, np.uint8)
        _, first_rows = np.unique(self._file_of_row, return_index=True)
        decoded = read_ahead(
            self.image, first_rows.tolist(), threads=threads or usable_cores(), ahead=AHEAD
        )
        label = f"decode {self.preprocess.view}"
        with closing(decoded), progress(label, len(self._files)) as advance:
            for file, image in enumerate(decoded):
                kept[file] = image
                advance()
        self._kept = kept

    def _decoded(self, file: int) -> Images:
        return self.preprocess.fit(read_image(self._files[file]))
