"""All changes of one pair."""

import numpy as np
from numpy.typing import NDArray

from .colours import jitter
from .compression import encode_again
from .config import AugmentationConfig
from .dropout import drop_squares
from .sharpness import change_sharpness
from .turning import turn_pair

Image = NDArray[np.uint8]


def augment_pair(
    ground: Image, satellite: Image, config: AugmentationConfig, random: np.random.Generator
) -> tuple[Image, Image]:
    """
    Augment one pair.

    Args:
        ground: [H, W, 3] uint8 image, RGB; not changed.
        satellite: [h, w, 3] uint8 tile, RGB; not changed.
        config: what may happen.
        random: the only source of chance (`pair_chance`).

    Returns:
        Images of the same shapes: new ones, or views of the given ones.

    """
    turns = int(random.integers(1, 4)) if random.random() < config.rotate_probability else 0
    flip = random.random() < config.flip_probability
    roll = config.rotation == "paired"
    ground, satellite = turn_pair(ground, satellite, turns, flip, roll=roll)
    return _photographed(ground, config, random), _photographed(satellite, config, random)


def _photographed(image: Image, config: AugmentationConfig, random: np.random.Generator) -> Image:
    """Change one view as another camera would have."""
    image = np.ascontiguousarray(image)
    jittered, resharpened, dropped, encoded = random.random(4) < (
        config.jitter_probability,
        config.sharpness_probability,
        config.dropout_probability,
        config.jpeg_probability,
    )
    if jittered:
        image = jitter(image, config, random)
    if resharpened:
        image = change_sharpness(image, config.sharpness * random.uniform(-1, 1))
    if dropped:
        image = drop_squares(image, config.dropout, random)
    if encoded:
        image = encode_again(image, int(random.integers(*config.jpeg_quality, endpoint=True)))
    return image
