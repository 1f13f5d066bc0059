"""Images to measure with: noise, the same in every process."""

import numpy as np
from numpy.typing import NDArray

from ...runtime.preprocess import Preprocess


def noise_images(size: Preprocess, batch: int) -> NDArray[np.uint8]:
    """Draw a batch of a view's size: [B, H, W, 3] uint8, uniform from 0 to 255."""
    shape = (batch, size.height, size.width, 3)
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
