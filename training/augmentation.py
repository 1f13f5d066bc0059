"""
Augmentation of pairs: whatever moves the tile moves the panorama with it.

Turning a north-up tile by a quarter turn counter-clockwise (np.rot90) brings the east to the
top; the panorama, whose centre column is north and whose columns run clockwise, then starts
a quarter of its width later.
"""

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ..runtime.artifact import Artifact

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of R, G and B in brightness (ITU-R BT.601)."""


class AugmentationConfig(Artifact):
    """What may happen to a training pair."""

    rotate: bool = True
    """Quarter turns of the tile with the panorama rolled along; needs a square tile."""

    flip: bool = True
    """Mirror east and west in both views, every other pair."""

    brightness: float = Field(default=0.2, ge=0, le=1)
    """Largest change of brightness, as a share; drawn for each view alone."""

    contrast: float = Field(default=0.2, ge=0, le=1)
    """Largest change of contrast, as a share."""

    saturation: float = Field(default=0.3, ge=0, le=1)
    """Largest change of saturation, as a share."""

    tint: float = Field(default=0.08, ge=0, le=1)
    """Largest change of one colour channel against the others, as a share."""


def augment(
    ground: NDArray[np.uint8],
    satellite: NDArray[np.uint8],
    config: AugmentationConfig,
    random: np.random.Generator,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """
    Augment a batch of pairs.

    Args:
        ground: [B, H, W, 3] uint8 panoramas.
        satellite: [B, h, w, 3] uint8 tiles.
        config: what may happen.
        random: the only source of chance.

    Returns:
        New arrays of the same shapes.

    """
    batch = len(ground)
    turns = random.integers(0, 4, batch)
    flips = random.random(batch) < 0.5
    turned_ground, turned_satellite = np.empty_like(ground), np.empty_like(satellite)
    for i in range(batch):
        turn = int(turns[i]) if config.rotate else 0
        pair = turn_pair(ground[i], satellite[i], turn, bool(flips[i]) and config.flip)
        turned_ground[i], turned_satellite[i] = pair
    return _jitter(turned_ground, config, random), _jitter(turned_satellite, config, random)


def turn_pair(
    ground: NDArray[np.uint8], satellite: NDArray[np.uint8], turns: int, flip: bool
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """
    Turn a pair together.

    Args:
        ground: [H, W, 3] panorama, north in the centre, clockwise.
        satellite: [h, w, 3] north-up tile; square if `turns` is odd.
        turns: quarter turns counter-clockwise.
        flip: then mirror east and west.

    """
    if turns:
        satellite = np.rot90(satellite, turns)
        ground = np.roll(ground, -turns * ground.shape[1] // 4, axis=1)
    if flip:
        satellite, ground = satellite[:, ::-1], ground[:, ::-1]
    return ground, satellite


def _jitter(
    images: NDArray[np.uint8], config: AugmentationConfig, random: np.random.Generator
) -> NDArray[np.uint8]:
    """Apply one 3x3 colour matrix and one offset an image: all four changes are affine."""
    batch = len(images)

    def draw(limit: float, *shape: int) -> NDArray[np.float32]:
        return (1.0 + limit * random.uniform(-1, 1, (batch, *shape))).astype(np.float32)

    saturation = draw(config.saturation, 1, 1)
    contrast = draw(config.contrast)
    gain = draw(config.brightness) * contrast
    tint = draw(config.tint, 3, 1)
    matrix = saturation * np.eye(3, dtype=np.float32) + (1 - saturation) * LUMA
    matrix = matrix * tint * gain[:, None, None]
    offset = 127.5 * (1.0 - contrast)  # contrast pivots around mid-grey, brightness around black
    pixels = images.reshape(batch, -1, 3).astype(np.float32) @ matrix.transpose(0, 2, 1)
    pixels += offset[:, None, None]
    np.clip(pixels, 0, 255, out=pixels)
    return pixels.astype(np.uint8).reshape(images.shape)
