"""CLNet: two branches, neural maps at some levels, one embedding space."""

import math

import torch
from torch import Tensor, nn

from ..runtime.preprocess import VIEWS, View
from .backbone import Backbone
from .config import NetworkConfig
from .head import Head
from .neural_map import ImageMaps, LearnedMaps
from .recalibration import gain

TEMPERATURE = 0.07
"""Start of the learnable temperature (CLIP, and Sample4Geo after it)."""


class CLNet(nn.Module):
    """Embeds either view. docs/model.md says what of it the paper leaves open."""

    def __init__(self, config: NetworkConfig) -> None:
        """
        Build the network with random weights.

        Raises:
            ConfigError: backbone, levels and sizes do not fit together.

        """
        super().__init__()
        self.config = config
        names = ("shared",) if config.shared else VIEWS
        options = config.backbone_options
        self.backbones = nn.ModuleDict({n: Backbone(config.backbone, options) for n in names})
        shapes = {
            view: self.backbone(view).shapes(config.preprocess(view), config.levels)
            for view in VIEWS
        }
        last_level = self.backbone("ground").last_level()
        self.heads = nn.ModuleDict({v: Head(config, shapes[v], last_level) for v in VIEWS})
        self.maps = nn.ModuleList()
        if config.maps is not None:
            for ground, satellite in zip(shapes["ground"], shapes["satellite"], strict=True):
                learned = config.maps.source == "learned"
                self.maps.append(
                    LearnedMaps(ground, satellite, config.maps) if learned else ImageMaps(ground[0])
                )
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / TEMPERATURE)))

    @property
    def embedding_dim(self) -> int:
        """D, the length of one embedding."""
        head = self.heads["ground"]
        assert isinstance(head, Head)
        return head.embedding_dim

    def backbone(self, view: View) -> Backbone:
        """Return the encoder of one view (the same object for both where it is shared)."""
        found = self.backbones["shared" if self.config.shared else view]
        assert isinstance(found, Backbone)
        return found

    def forward(self, images: Tensor, view: View, *, maps_uniform: bool = False) -> Tensor:
        """
        Embed a batch of one view.

        Args:
            images: [B, 3, H, W] float32, normalised by the view's `Preprocess.tensor`.
            view: the branch.
            maps_uniform: replace every normalised map by its mean over positions.

        Returns:
            [B, D] float32, rows of unit length.

        """
        backbone = self.backbone(view)
        features = backbone(images, self.config.levels)
        with torch.autocast(images.device.type, enabled=False):
            features = [
                one if self.config.maps is None else one * self.gain(level, view, one, maps_uniform)
                for level, one in enumerate(features)
            ]
            embeddings: Tensor = self.heads[view](features, backbone)
        return embeddings

    def gain(self, level: int, view: View, features: Tensor, maps_uniform: bool = False) -> Tensor:
        """
        Return what GFR multiplies the features of one level by.

        Args:
            level: index into `config.levels`.
            view: the branch.
            features: [B, C, H, W]; only maps computed from the image look at them.
            maps_uniform: replace the normalised map by its mean over positions.

        """
        assert self.config.maps is not None
        neural_map = getattr(self.maps[level], view)(features.float())
        return gain(neural_map, self.config.maps, uniform=maps_uniform)
