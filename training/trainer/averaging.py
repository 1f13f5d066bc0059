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
        self._followed = network
        self._decay = decay

    @torch.no_grad()
    def follow(self) -> None:
        """Take one step towards the network; BatchNorm's buffers are averaged, counts copied."""
        current, own = self._followed.state_dict(), self.network.state_dict()
        moving = [name for name, tensor in own.items() if tensor.is_floating_point()]
        torch._foreach_lerp_(
            [own[name] for name in moving], [current[name] for name in moving], 1 - self._decay
        )
        for name in own.keys() - set(moving):
            own[name].copy_(current[name])

    def state(self) -> dict[str, Tensor]:
        """Return the averaged tensors by the network's names."""
        return self.network.state_dict()
