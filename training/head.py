"""From recalibrated features to one unit vector: pooling, fusion, BatchNorm, L2."""

import torch
from torch import Tensor, nn

from .backbone import Backbone
from .config import NetworkConfig
from .neural_map import Shape

L2_EPS = 1e-12
"""Added to the sum of squares; it lives in float32 only (in half it would be zero)."""


class Unit(nn.Module):
    """
    Scales rows to unit length.

    Written with rsqrt in place of `F.normalize`, whose Clip and Expand clutter the graph. A module,
    so that counters book it on the head that holds it.
    """

    def forward(self, descriptors: Tensor) -> Tensor:
        """Scale [B, D] float32."""
        squares = (descriptors * descriptors).sum(dim=1, keepdim=True)
        return descriptors * torch.rsqrt(squares + L2_EPS)


class Head(nn.Module):
    """One view's head. Takes features of any precision and works in float32."""

    def __init__(self, config: NetworkConfig, shapes: list[Shape], last_level: int) -> None:
        """
        Prepare one view's head.

        Args:
            config: head, fusion, embedding size, BatchNorm.
            shapes: (C, H, W) of each level of this view.
            last_level: the stage after which the backbone's own `head.norm` belongs.

        """
        super().__init__()
        self.flattened = config.head == "flattened"
        self.sums = config.fusion == "sum"
        self.norm_index = config.levels.index(last_level) if last_level in config.levels else None
        sizes = [c * h * w if self.flattened else c for c, h, w in shapes]
        inputs = sizes if self.sums else [sum(sizes)]
        dim = config.embedding_dim
        self.projections = nn.ModuleList([nn.Linear(size, dim) for size in inputs] if dim else [])
        self.embedding_dim = dim or sum(sizes)
        self.unit = Unit()
        self.batch_norm: nn.Module = nn.Identity()
        if config.batch_norm:
            self.batch_norm = nn.BatchNorm1d(self.embedding_dim, affine=False)

    def forward(self, features: list[Tensor], backbone: Backbone) -> Tensor:
        """
        Describe a batch: all that looks at one image alone.

        Args:
            features: one [B, C, h, w] a level, recalibrated.
            backbone: the encoder they came from, whose `head.norm` follows pooling.

        Returns:
            [B, D] float32 descriptors, for `finish`.

        """
        parts = [self._positions(one.float()) for one in features]
        if self.norm_index is not None and not self.flattened:
            parts[self.norm_index] = backbone.norm_pooled(parts[self.norm_index])
        return self._fuse(parts)

    def finish(self, descriptors: Tensor) -> Tensor:
        """
        Turn descriptors into embeddings; in training, BatchNorm looks at the whole batch.

        Args:
            descriptors: [B, D] float32; where several processes train, of all of them.

        Returns:
            [B, D] float32, rows of unit length.

        """
        embeddings: Tensor = self.unit(self.batch_norm(descriptors))
        return embeddings

    def _positions(self, features: Tensor) -> Tensor:
        return features.flatten(1) if self.flattened else features.mean((-2, -1))

    def _fuse(self, parts: list[Tensor]) -> Tensor:
        if self.sums:
            projected = [layer(part) for layer, part in zip(self.projections, parts, strict=True)]
            return torch.stack(projected).sum(dim=0)
        joined = torch.cat(parts, dim=1) if len(parts) > 1 else parts[0]
        for layer in self.projections:
            joined = layer(joined)
        return joined
