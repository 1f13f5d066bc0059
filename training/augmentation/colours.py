"""
Colour jitter in one pass: brightness, contrast, saturation, hue and tint are all affine.

Hue turns the chroma plane of YIQ around the grey axis, as television did; it keeps the luma.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from .config import AugmentationConfig

LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of R, G and B in brightness (ITU-R BT.601)."""

TO_YIQ = np.array([LUMA, [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]])
"""RGB to luma and two components of chroma (NTSC 1953)."""

FROM_YIQ = np.linalg.inv(TO_YIQ)

MID_GREY = 127.5
"""What contrast pivots around; brightness pivots around black."""


def jitter(
    image: NDArray[np.uint8], config: AugmentationConfig, random: np.random.Generator
) -> NDArray[np.uint8]:
    """
    Change the colours.

    Args:
        image: [H, W, 3] uint8, RGB.
        config: how far.
        random: the only source of chance.

    Returns:
        A new image of the same shape.

    """
    share = random.uniform(-1, 1, 7)
    saturation = 1 + config.saturation * share[0]
    contrast = 1 + config.contrast * share[1]
    gain = contrast * (1 + config.brightness * share[2])
    tint = 1 + config.tint * share[3:6]
    angle = 2 * math.pi * config.hue * share[6]
    cosine, sine = saturation * math.cos(angle), saturation * math.sin(angle)
    chroma = np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])
    matrix = gain * tint[:, None] * (FROM_YIQ @ chroma @ TO_YIQ)
    offset = np.full((3, 1), MID_GREY * (1 - contrast))
    return np.asarray(cv2.transform(image, np.hstack([matrix, offset])), np.uint8)
