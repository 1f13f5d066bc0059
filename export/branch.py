"""One branch of a network as an exporter should see it: images in, unit vectors out."""

import torch
from torch import Tensor, nn

from ..runtime.preprocess import View
from ..training.head import Head
from ..training.network import CLNet
from ..training.neural_map import ImageMaps
from ..training.recalibration import gain, importance


class Branch(nn.Module):
    """
    One view of a CLNet, with everything constant folded.

    Learned maps, NEC and their normalisation do not depend on the image: they become one
    constant factor a level, so that no node of NEC is left in the graph.
    """

    def __init__(self, network: CLNet, view: View) -> None:
        """
        Fold one branch.

        Args:
            network: trained; it is read, not changed.
            view: the branch to take.

        """
        super().__init__()
        self._config = network.config
        self.backbone = network.backbone(view)
        head = network.heads[view]
        assert isinstance(head, Head)
        self.head = head
        self.map_layers = nn.ModuleList(
            [getattr(maps, view) for maps in network.maps if isinstance(maps, ImageMaps)]
        )
        self._folded = len(network.maps) > len(self.map_layers)
        if self._folded:
            for level in range(len(network.maps)):
                nothing = torch.zeros(1)  # learned maps do not look at features
                factor = network.gain(level, view, nothing).detach().clone()
                self.register_buffer(f"gain_{level}", factor)

    def forward(self, images: Tensor) -> Tensor:
        """
        Embed a batch.

        Args:
            images: [B, 3, H, W] float32, normalised.

        Returns:
            [B, D] float32, rows of unit length.

        """
        features = self.backbone(images, self._config.levels)
        if self._config.maps is not None:
            features = [one * self._gain(level, one) for level, one in enumerate(features)]
        embeddings: Tensor = self.head.finish(self.head(features, self.backbone))
        return embeddings

    def _gain(self, level: int, features: Tensor) -> Tensor:
        if self._folded:
            folded: Tensor = getattr(self, f"gain_{level}")
            return folded
        assert self._config.maps is not None
        neural_map = self.map_layers[level](features)
        return gain(importance(neural_map, self._config.maps.normaliser), self._config.maps)
