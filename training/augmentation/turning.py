"""
Turning a pair: whatever moves the tile moves the panorama with it.

Turning a north-up tile by a quarter turn counter-clockwise (np.rot90) brings the east to the
top; the panorama, whose centre column is north and whose columns run clockwise, then starts
a quarter of its width later.
"""

import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import ConfigError
from ..config import NetworkConfig
from .config import AugmentationConfig

Image = NDArray[np.uint8]


def turn_pair(
    ground: Image, satellite: Image, turns: int, flip: bool, *, roll: bool = True
) -> tuple[Image, Image]:
    """
    Turn a pair together.

    Args:
        ground: [H, W, 3] panorama, north in the centre, clockwise.
        satellite: [h, w, 3] north-up tile; square if `turns` is odd.
        turns: quarter turns counter-clockwise.
        flip: then mirror east and west.
        roll: False leaves the ground image out of the turn.

    Returns:
        New images, or views of the given ones.

    """
    if turns:
        satellite = np.rot90(satellite, turns)
    if turns and roll:
        ground = np.roll(ground, -turns * ground.shape[1] // 4, axis=1)
    if flip:
        satellite, ground = satellite[:, ::-1], ground[:, ::-1]
    return ground, satellite


def check_rotation(config: AugmentationConfig, network: NetworkConfig) -> None:
    """
    Check that a network's images can be turned as a config says.

    Raises:
        ConfigError: the tile is not square, or a ground image that does not show the whole
            horizon would be rolled.

    """
    if not config.rotate_probability:
        return
    tile, panorama = network.satellite, network.ground.panorama
    if tile.height != tile.width:
        raise ConfigError(
            f"augmentation turns the tile, which must be square, got {tile.height} x {tile.width}: "
            "set augmentation.rotate_probability: 0"
        )
    if config.rotation == "paired" and (panorama is None or not panorama.wrap):
        shown = "no panorama" if panorama is None else f"{panorama.fov_deg:g} degrees"
        raise ConfigError(
            f"augmentation.rotation: paired rolls a panorama of 360 degrees, but network.ground "
            f"has {shown}: set network.ground.panorama: {{fov_deg: 360}} if its images show the "
            "whole horizon, else augmentation.rotation: satellite, or rotate_probability: 0"
        )
