"""Both views in one forward pass: what several processes average the gradients of."""

from torch import Tensor, nn

from ..network import CLNet


class Describing(nn.Module):
    """
    A network up to its descriptors: all parameters but the temperature.

    The temperature is read by the loss alone, which every process computes whole.
    """

    def __init__(self, network: CLNet) -> None:
        super().__init__()
        self.parts = nn.ModuleList([network.backbones, network.heads, network.maps])
        self._describe = network.describe

    def forward(self, ground: Tensor, satellite: Tensor) -> tuple[Tensor, Tensor]:
        """Return [b, D] float32 descriptors of both views; b pairs of this process."""
        return self._describe(ground, "ground"), self._describe(satellite, "satellite")
