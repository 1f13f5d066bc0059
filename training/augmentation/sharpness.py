"""Blur and sharpening: two signs of one change."""

import cv2
import numpy as np
from numpy.typing import NDArray

KERNEL_PX = 5
"""Side of the Gaussian kernel."""

SIGMA_PX = 1.1
"""Its standard deviation: what OpenCV derives from that side."""


def change_sharpness(image: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
    """
    Add fine detail, or take it away: image + amount x (image - blurred image).

    Args:
        image: [H, W, 3] uint8.
        amount: from -1, the blurred image, over 0, the image itself, to 1.

    Returns:
        A new image of the same shape.

    """
    blurred = cv2.GaussianBlur(image, (KERNEL_PX, KERNEL_PX), SIGMA_PX)
    return np.asarray(cv2.addWeighted(image, 1 + amount, blurred, -amount, 0), np.uint8)
