"""GFR, Global Feature Recalibration: weigh features by how much their positions matter."""

from torch import Tensor

from .config import MapConfig


def importance(neural_map: Tensor, normaliser: str) -> Tensor:
    """
    Normalise a map over its positions, channel by channel.

    Softmax and L2 are scaled so that a uniform map gives 1 everywhere whatever the map's
    size; sigmoid and min-max lie in [0, 1].

    Args:
        neural_map: [B or 1, C, H, W].
        normaliser: softmax, sigmoid, l2 or minmax.

    Returns:
        [B or 1, C, H, W], what the features are multiplied by.

    """
    flat = neural_map.flatten(2)
    positions = flat.shape[2]
    if normaliser == "softmax":
        weights = flat.softmax(dim=2) * positions
    elif normaliser == "sigmoid":
        weights = flat.sigmoid()
    elif normaliser == "l2":
        norm = (flat.square().sum(dim=2, keepdim=True) + 1e-12).sqrt()
        weights = flat / norm * positions**0.5
    else:
        low, high = flat.amin(dim=2, keepdim=True), flat.amax(dim=2, keepdim=True)
        weights = (flat - low) / (high - low + 1e-6)
    return weights.view_as(neural_map)


def gain(weights: Tensor, config: MapConfig) -> Tensor:
    """
    Compute the factor that GFR multiplies the features by.

    The paper's F' = F + F * norm(N), a Hadamard product and a residual, is F * (1 + norm(N)).
    Written so, a learned map is one constant factor at inference.

    Args:
        weights: norm(N), [B or 1, C, H, W].
        config: whether F itself is added.

    """
    return weights + 1.0 if config.residual else weights
