"""From uint8 pixels to the network's numbers, straight into a batch that lies channels-last."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ...runtime.preprocess import Preprocess


class Normaliser:
    """Looks the 256 values of each channel up: the same bits as `Preprocess.tensor`."""

    def __init__(self, preprocess: Preprocess) -> None:
        """Compute the table."""
        scale, shift = preprocess.scale_and_shift()
        values = np.arange(256, dtype=np.float32)[:, None]
        self._table = (values * scale - shift)[:, None, :]  # OpenCV wants [256, 1, 3]

    def into(self, image: NDArray[np.uint8], out: NDArray[np.float32]) -> None:
        """
        Normalise one image.

        Args:
            image: [H, W, 3] uint8, RGB, contiguous.
            out: [H, W, 3] float32, contiguous; overwritten.

        """
        cv2.LUT(image, self._table, dst=out)
