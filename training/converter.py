"""NEC, the Nonlinear Embedding Converter: a shallow MLP over a map's flattened positions."""

from itertools import pairwise

from torch import Tensor, nn

from .config import ConverterConfig

_ACTIVATIONS = {"gelu": nn.GELU, "relu": nn.ReLU, "silu": nn.SiLU, "tanh": nn.Tanh}


class Converter(nn.Module):
    """Turns N^g into N^s, the same way for every channel."""

    def __init__(
        self, ground_positions: int, satellite_positions: int, config: ConverterConfig
    ) -> None:
        """
        Prepare the layers.

        Args:
            ground_positions: H * W of the ground map.
            satellite_positions: H * W of the satellite map.
            config: depth, width and activation.

        """
        super().__init__()
        hidden = [config.width] * (config.depth - 1)
        sizes = [ground_positions, *hidden, satellite_positions]
        layers: list[nn.Module] = []
        for index, (size_in, size_out) in enumerate(pairwise(sizes)):
            if index:
                layers.append(_ACTIVATIONS[config.activation]())
            layers.append(nn.Linear(size_in, size_out))
        self.layers = nn.Sequential(*layers)

    def forward(self, ground_map: Tensor) -> Tensor:
        """Convert [C, ground positions] to [C, satellite positions]."""
        converted: Tensor = self.layers(ground_map)
        return converted
