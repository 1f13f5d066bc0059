"""Symmetric InfoNCE: every other pair of the batch is a negative, in both directions."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

MAX_LOGIT_SCALE = math.log(100.0)
"""The learnable temperature stays above 0.01 (CLIP's bound)."""


def symmetric_info_nce(
    ground: Tensor, satellite: Tensor, logit_scale: Tensor, label_smoothing: float = 0.0
) -> Tensor:
    """
    Compare each ground embedding with each satellite embedding of the batch.

    Args:
        ground: [B, D] float32, rows of unit length.
        satellite: [B, D] float32; row i shows the same place as ground row i.
        logit_scale: scalar, natural logarithm of 1 / temperature.
        label_smoothing: share of the target spread over all classes, in [0, 1).

    Returns:
        Scalar loss; ln B where the network knows nothing.

    """
    scale = logit_scale.clamp(max=MAX_LOGIT_SCALE).exp()
    logits = scale * ground @ satellite.T
    labels = torch.arange(len(ground), device=ground.device)
    forward = F.cross_entropy(logits, labels, label_smoothing=label_smoothing)
    backward = F.cross_entropy(logits.T, labels, label_smoothing=label_smoothing)
    return (forward + backward) / 2
