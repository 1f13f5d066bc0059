"""Other weights in the place of the learned ones, to ask what the neural maps contribute."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from ..runtime.errors import ConfigError
from ..runtime.preprocess import VIEWS, View

if TYPE_CHECKING:  # networks are built on this
    from .network import CLNet

Reweigh = Callable[[Tensor, int, View], Tensor]
"""norm(N) [B or 1, C, H, W], the level's index and the view, to weights of the same shape."""


def uniform(weights: Tensor, level: int, view: View) -> Tensor:
    """Replace weights by their mean over positions, which asks what their form adds."""
    del level, view
    return weights.mean(dim=(2, 3), keepdim=True).expand_as(weights)


def shuffled(seed: int) -> Reweigh:
    """
    Permute the positions of every map, which asks whether it matters *where* weight lies.

    One permutation a level and view, the same for all channels and images: each channel keeps
    its values, and channels that look at one position still do so together, but at another one.
    The two views are permuted apart, so whatever N^g and N^s agreed on is lost as well.

    Args:
        seed: of the permutations: equal seeds permute maps of equal sizes equally. None of
            them is the identity, where a map has more than one position.

    """

    def permute(weights: Tensor, level: int, view: View) -> Tensor:
        flat = weights.flatten(2)
        order = _derangement(flat.shape[2], [seed, level, VIEWS.index(view)])
        return flat[:, :, order.to(flat.device)].view_as(weights)

    return permute


def borrowed(lender: "CLNet") -> Reweigh:
    """
    Take the maps of another network, channel for channel.

    Channels of networks that were trained from different seeds do not correspond. So a score
    that survives says that the maps hold what any network can use, such as "straight ahead
    counts more"; one that falls as far as with shuffled maps does not say that they hold nothing.

    Args:
        lender: a network with learned maps of the same sizes; its satellite maps come from
            its own NEC.

    Raises:
        ConfigError: the lender has no learned maps, or (when used) maps of other sizes.

    """
    if lender.config.maps is None or lender.config.maps.source != "learned":
        raise ConfigError("maps can be borrowed from a network that has learned ones alone")

    def lend(weights: Tensor, level: int, view: View) -> Tensor:
        with torch.no_grad():
            own = lender.weights(level, view, weights).to(weights.device)
        if own.shape[1:] != weights.shape[1:]:
            raise ConfigError(
                f"borrowed {view} map of level {level}: expected {list(weights.shape[1:])}, "
                f"got {list(own.shape[1:])}; lend between networks of one configuration"
            )
        return own.expand_as(weights)

    return lend


def _derangement(positions: int, seed: list[int]) -> Tensor:
    """Draw permutations until one is not the identity."""
    random = np.random.default_rng(seed)
    order = random.permutation(positions)
    while positions > 1 and (order == np.arange(positions)).all():
        order = random.permutation(positions)
    return torch.from_numpy(order)
