"""Count what layers compute in; the parsed network and a finished engine are counted alike."""

from collections import Counter
from dataclasses import dataclass, field
from math import prod

from .certificate import Certificate

_BYTES = {"float": 4, "half": 2, "bf16": 2, "fp8": 1, "int8": 1, "uint8": 1, "bool": 1}
_BYTES |= {"int32": 4, "int64": 8}
_FLOATING = ("float", "half", "bf16", "fp8")

Written = tuple[str, tuple[int, ...]]
"""A tensor's dtype and dimensions."""


@dataclass(slots=True)
class Tally:
    """Layers seen so far; dtypes bear TensorRT's names in lower case."""

    layers: int = 0
    tensors: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    products: Counter[str] = field(default_factory=Counter)
    float_layers: list[str] = field(default_factory=list)

    def add(self, name: str, written: list[Written], product_of: str | None) -> None:
        """
        Count a layer.

        Args:
            name: the layer's.
            written: its outputs.
            product_of: what it reads, if it is a convolution or a matrix product.

        """
        self.layers += 1
        for dtype, shape in written:
            self.tensors[dtype] += 1
            self.sizes[dtype] += bytes_at_batch_1(shape, dtype)
        if any(dtype == "float" for dtype, _ in written):
            self.float_layers.append(name)
        if product_of is not None:
            self.products[product_of] += 1

    def certificate(self) -> Certificate:
        """Sum up."""
        return Certificate(
            layers=self.layers,
            tensors=dict(self.tensors),
            bytes_at_batch_1=dict(self.sizes),
            products=dict(self.products),
            float_layers=tuple(self.float_layers),
            half_share_of_tensors=_half_share(self.tensors),
            half_share_of_bytes=_half_share(self.sizes),
            half_share_of_products=_half_share(self.products),
        )


def bytes_at_batch_1(shape: tuple[int, ...], dtype: str) -> int:
    """Count a tensor's bytes, a dynamic first dimension taken as 1; 0 if that is not enough."""
    if shape and shape[0] == -1:
        shape = (1, *shape[1:])
    return 0 if min(shape, default=1) < 0 else prod(shape) * _BYTES.get(dtype, 0)


def _half_share(counted: Counter[str]) -> float:
    floating = sum(counted[name] for name in _FLOATING)
    return counted["half"] / floating if floating else 0.0
