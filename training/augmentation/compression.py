"""JPEG's losses: a photograph has often been encoded more than once."""

import cv2
import numpy as np
from numpy.typing import NDArray


def encode_again(image: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """
    Encode as JPEG and decode.

    Args:
        image: [H, W, 3] uint8, RGB.
        quality: 1 to 100, of libjpeg.

    Returns:
        A new image of the same shape.

    """
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)  # the chroma is subsampled: channels matter
    _, data = cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, quality))
    decoded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)
