"""CLNet: two branches, neural maps at some levels, one embedding space."""

import math

import torch
from torch import Tensor, nn

from ..runtime.preprocess import VIEWS, View
from .backbone import Backbone
from .config import NetworkConfig
from .head import Head
from .neural_map import ImageMaps, LearnedMaps
from .recalibration import gain, importance
from .reweighing import Reweigh

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

    def forward(self, images: Tensor, view: View, *, reweigh: Reweigh | None = None) -> Tensor:
        """
        Embed a batch of one view.

        Args:
            images: [B, 3, H, W] float32, normalised by the view's `Preprocess.tensor`.
            view: the branch.
            reweigh: changes the normalised maps, to ask what they contribute.

        Returns:
            [B, D] float32, rows of unit length.

        """
        return self.finish(self.describe(images, view, reweigh=reweigh), view)

    def describe(self, images: Tensor, view: View, *, reweigh: Reweigh | None = None) -> Tensor:
        """
        Compute all that depends on one image alone, up to BatchNorm.

        Args:
            images: as for `forward`.
            view: the branch.
            reweigh: as for `forward`.

        Returns:
            [B, D] float32 descriptors.

        """
        backbone = self.backbone(view)
        features = backbone(images, self.config.levels)
        with torch.autocast(images.device.type, enabled=False):
            if self.config.maps is not None:
                features = [
                    one * self.gain(level, view, one, reweigh) for level, one in enumerate(features)
                ]
            descriptors: Tensor = self.heads[view](features, backbone)
        return descriptors

    def finish(self, descriptors: Tensor, view: View) -> Tensor:
        """Turn one view's descriptors [B, D] into embeddings of unit length (`Head.finish`)."""
        head = self.heads[view]
        assert isinstance(head, Head)
        with torch.autocast(descriptors.device.type, enabled=False):
            return head.finish(descriptors)

    def gain(
        self, level: int, view: View, features: Tensor, reweigh: Reweigh | None = None
    ) -> Tensor:
        """
        Return what GFR multiplies the features of one level by.

        Args:
            level: index into `config.levels`.
            view: the branch.
            features: [B, C, H, W]; only maps computed from the image look at them.
            reweigh: changes the normalised map.

        """
        weights = self.weights(level, view, features)
        if reweigh is not None:
            weights = reweigh(weights, level, view)
        assert self.config.maps is not None
        return gain(weights, self.config.maps)

    def weights(self, level: int, view: View, features: Tensor) -> Tensor:
        """Return norm(N) of one level, [B or 1, C, H, W]; arguments as for `gain`."""
        assert self.config.maps is not None
        neural_map = getattr(self.maps[level], view)(features.float())
        return importance(neural_map, self.config.maps.normaliser)
