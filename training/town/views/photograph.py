"""What a camera does to a rendering: exposure, colour balance and noise, per image."""

from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ..config import Hardness


def photograph(
    rng: np.random.Generator, rendering: NDArray[np.float32], hardness: Hardness
) -> NDArray[np.uint8]:
    """
    Take a picture.

    Args:
        rng: source of chance; independent for the two views of a place.
        rendering: [H, W, 3] float32 RGB, about 0..255; overwritten.
        hardness: how far the camera strays.

    Returns:
        [H, W, 3] uint8 RGB.

    """
    matrix = np.eye(3) + rng.normal(0.0, hardness.colour_matrix_std, (3, 3))
    matrix *= np.exp(rng.normal(0.0, hardness.gain_std))
    picture = rendering.reshape(-1, 3) @ matrix.T.astype(np.float32)
    draws = np.frombuffer(rng.bytes(picture.size), np.uint8).reshape(picture.shape)
    picture += (_normal_levels() * np.float32(hardness.noise_std))[draws]
    np.clip(picture, 0.0, 255.0, out=picture)
    return picture.astype(np.uint8).reshape(rendering.shape)


@cache
def _normal_levels() -> NDArray[np.float32]:
    """[256] float32 equally likely values of the normal distribution: noise from single bytes."""
    quantile = NormalDist().inv_cdf
    return np.array([quantile((level + 0.5) / 256) for level in range(256)], np.float32)
