"""timm backbones, as feature extractors whose plain weights still match."""

from collections.abc import Sequence
from typing import Any

import timm
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from ..runtime.errors import ConfigError
from ..runtime.preprocess import Preprocess
from .neural_map import Shape


class Backbone(nn.Module):
    """
    Any timm model that offers `forward_intermediates`.

    The plain model is kept (`create_model(num_classes=0)`): `features_only` would drop
    `head.norm` and rename keys, and the weights people have would no longer match.
    """

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        """
        Create the model with random weights; nothing is downloaded and no file is read.

        Raises:
            ConfigError: timm does not know the name or the options.

        """
        super().__init__()
        if not timm.is_model(name):  # also "hf-hub:…", at which timm would ask a server
            raise ConfigError(f"timm {timm.__version__} has no backbone {name!r}")
        if "checkpoint_path" in options:  # a pickle that timm would load
            raise ConfigError("backbone_options: expected the model's shape, got checkpoint_path")
        try:
            self.model: Any = timm.create_model(name, pretrained=False, num_classes=0, **options)
        except (RuntimeError, TypeError, ValueError) as error:
            raise ConfigError(f"timm cannot create backbone {name!r}: {error}") from error
        if not hasattr(self.model, "forward_intermediates"):
            raise ConfigError(f"backbone {name!r} has no forward_intermediates; choose another")

    def forward(self, images: Tensor, levels: Sequence[int]) -> list[Tensor]:
        """
        Compute the features of some stages.

        Args:
            images: [B, 3, H, W] float32, normalised.
            levels: stage numbers, rising.

        Returns:
            One [B, C, h, w] a level.

        """
        features: list[Tensor] = self.model.forward_intermediates(
            images, indices=list(levels), stop_early=True, intermediates_only=True
        )
        return features

    def norm_pooled(self, pooled: Tensor) -> Tensor:
        """
        Apply the model's own norm after pooling (`head.norm`), where it has one.

        Args:
            pooled: [B, C], the last stage's mean over positions.

        Returns:
            [B, C]: equal to the plain timm model's output for an untouched ConvNeXt.

        """
        norm = getattr(getattr(self.model, "head", None), "norm", None)
        if not isinstance(norm, nn.LayerNorm):
            return pooled
        return F.layer_norm(pooled, norm.normalized_shape, norm.weight, norm.bias, norm.eps)

    def last_level(self) -> int:
        """Return the number of the last stage."""
        return len(self.model.feature_info) - 1

    @torch.no_grad()
    def shapes(self, preprocess: Preprocess, levels: Sequence[int]) -> list[Shape]:
        """
        Measure (C, h, w) of each level for one view's input size.

        Shapes alone flow through the model: nothing is computed.

        Raises:
            ConfigError: the input is too small, or a level does not exist.

        """
        images = torch.zeros(1, 3, preprocess.height, preprocess.width, device="meta")
        tensors = dict(self.named_parameters()) | dict(self.named_buffers())
        state = {name: tensor.to("meta") for name, tensor in tensors.items()}
        was_training = self.training
        self.eval()
        try:
            features = functional_call(self, state, (images, levels))
        except (AssertionError, IndexError, RuntimeError, ValueError) as error:
            size = f"{preprocess.height}x{preprocess.width}"
            raise ConfigError(f"levels {list(levels)} at input {size}: {error}") from error
        finally:
            self.train(was_training)
        return [(one.shape[1], one.shape[2], one.shape[3]) for one in features]
