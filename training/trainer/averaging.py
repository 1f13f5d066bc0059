"""An exponential moving average of the network: smoother than any one step's weights."""

import copy

import torch
from torch import Tensor

from ..network import CLNet


class Average:
    """Follows a network: average <- decay * average + (1 - decay) * network, after each step."""

    def __init__(self, network: CLNet, decay: float) -> None:
        """
        Begin at the network's present weights.

        Args:
            network: the one that learns.
            decay: share of the old average that each step keeps, in (0, 1).

        """
        self.network = copy.deepcopy(network).requires_grad_(False)
        self._decay = decay
        theirs, own = network.state_dict(), self.network.state_dict()
        self._moving = [name for name, tensor in own.items() if tensor.is_floating_point()]
        self._counts = [name for name, tensor in own.items() if not tensor.is_floating_point()]
        self._pairs = [(own[name], theirs[name]) for name in self._moving]
        self._copies = [(own[name], theirs[name]) for name in self._counts]

    @torch.no_grad()
    def follow(self) -> None:
        """Take one step towards the network; buffers such as BatchNorm's are averaged, too."""
        own, theirs = zip(*self._pairs, strict=True)
        torch._foreach_lerp_(own, theirs, 1 - self._decay)
        for count, current in self._copies:
            count.copy_(current)

    def state(self) -> dict[str, Tensor]:
        """Return the averaged tensors by the network's names."""
        return self.network.state_dict()
