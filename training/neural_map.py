"""
Neural maps (N^g, N^s): what a view's positions matter, channel by channel.

CLNet (arXiv 2512.14560) calls N^g a learnable view neural map. A map here has the shape of
the features it recalibrates, [C, H, W]: pooling then weighs each channel by its own places,
which is what makes a pooled descriptor aware of position.
"""

import torch
from torch import Tensor, nn

from .config import MapConfig
from .converter import Converter

Shape = tuple[int, int, int]


class LearnedMaps(nn.Module):
    """N^g as a parameter; N^s from NEC, or a parameter of its own where there is no NEC."""

    def __init__(self, ground: Shape, satellite: Shape, config: MapConfig) -> None:
        """
        Prepare the maps of one level.

        Args:
            ground: (C, H, W) of the ground features.
            satellite: (C, H, W) of the satellite features; C equals the ground's.
            config: initialisation and converter.

        """
        super().__init__()
        self.satellite_shape = satellite
        self.ground_map = nn.Parameter(torch.randn(ground) * config.init_std)
        self.converter: Converter | None = None
        if config.converter is None:
            self.satellite_map = nn.Parameter(torch.randn(satellite) * config.init_std)
        else:
            positions = (ground[1] * ground[2], satellite[1] * satellite[2])
            self.converter = Converter(*positions, config.converter)

    def ground(self, features: Tensor) -> Tensor:
        """Return N^g [1, C, H, W]; the features are not looked at."""
        del features
        return self.ground_map.unsqueeze(0)

    def satellite(self, features: Tensor) -> Tensor:
        """Return N^s [1, C, H, W]: a constant at inference, so export folds it."""
        del features
        if self.converter is None:
            return self.satellite_map.unsqueeze(0)
        converted: Tensor = self.converter(self.ground_map.flatten(1))
        return converted.view(1, *self.satellite_shape)


class ImageMaps(nn.Module):
    """Maps computed from each view's own features by a 1x1 convolution: the ablation's rival."""

    def __init__(self, channels: int) -> None:
        """Prepare one level; `channels` is C of both views' features."""
        super().__init__()
        self.ground = nn.Conv2d(channels, channels, kernel_size=1)
        self.satellite = nn.Conv2d(channels, channels, kernel_size=1)
