"""Other weights in the place of the learned ones, to ask what the neural maps contribute."""

from collections.abc import Callable

from torch import Tensor

from ..runtime.preprocess import View

Reweigh = Callable[[Tensor, int, View], Tensor]
"""norm(N) [B or 1, C, H, W], the level's index and the view, to weights of the same shape."""


def uniform(weights: Tensor, level: int, view: View) -> Tensor:
    """Replace weights by their mean over positions, which asks what their form adds."""
    del level, view
    return weights.mean(dim=(2, 3), keepdim=True).expand_as(weights)
