"""One branch of a network as an exporter should see it: images in, unit vectors out."""

import torch
from torch import Tensor, nn

from ..runtime.preprocess import View
from ..training.network import CLNet


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
        config = network.config
        self.levels = config.levels
        self.backbone = network.backbone(view)
        self.head = network.heads[view]
        self._network = [network]  # in a list, so that its parameters are not this module's
        self._view: View = view
        self.folded = config.maps is not None and config.maps.source == "learned"
        if self.folded:
            for level, (_, height, width) in enumerate(_shapes(network, view)):
                nothing = torch.zeros(1, 1, height, width)
                gain = network.gain(level, view, nothing).detach().clone()
                self.register_buffer(f"gain_{level}", gain)

    def forward(self, images: Tensor) -> Tensor:
        """
        Embed a batch.

        Args:
            images: [B, 3, H, W] float32, normalised.

        Returns:
            [B, D] float32, rows of unit length.

        """
        features = self.backbone(images, self.levels)
        if self.folded:
            features = [one * getattr(self, f"gain_{i}") for i, one in enumerate(features)]
        elif self._network[0].config.maps is not None:
            features = [
                one * self._network[0].gain(i, self._view, one) for i, one in enumerate(features)
            ]
        embeddings: Tensor = self.head(features, self.backbone)
        return embeddings


def _shapes(network: CLNet, view: View) -> list[tuple[int, int, int]]:
    return network.backbone(view).shapes(network.config.preprocess(view), network.config.levels)
