"""Augmentation of pairs: what happens to the tile's directions happens to the panorama's."""

from .chance import pair_chance
from .config import AugmentationConfig
from .pair import augment_pair
from .turning import check_rotation, turn_pair

__all__ = ["AugmentationConfig", "augment_pair", "check_rotation", "pair_chance", "turn_pair"]
