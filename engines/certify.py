"""What a network really computes in, read from the network TensorRT parsed, not from a wish."""

from collections import Counter
from math import prod
from typing import TYPE_CHECKING

from ..runtime.engine.certificate import Certificate

if TYPE_CHECKING:
    import tensorrt as trt

_PRODUCTS = {"CONVOLUTION", "DECONVOLUTION", "MATRIX_MULTIPLY", "EINSUM"}
_BYTES = {"float": 4, "half": 2, "bf16": 2, "fp8": 1, "int8": 1, "uint8": 1, "bool": 1}
_BYTES |= {"int32": 4, "int64": 8}
_FLOATING = ("float", "half", "bf16", "fp8")


def certify(network: "trt.INetworkDefinition") -> Certificate:
    """Read every layer of a parsed, strongly typed network."""
    tensors: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    products: Counter[str] = Counter()
    float_layers = []
    layers = [network.get_layer(index) for index in range(network.num_layers)]
    layers = [layer for layer in layers if layer.type.name != "CONSTANT"]
    for layer in layers:
        outputs = [layer.get_output(index) for index in range(layer.num_outputs)]
        dtypes = [output.dtype.name.lower() for output in outputs]
        tensors.update(dtypes)
        for output, dtype in zip(outputs, dtypes, strict=True):
            sizes[dtype] += bytes_at_batch_1(tuple(output.shape), dtype)
        if "float" in dtypes:
            float_layers.append(layer.name)
        if layer.type.name in _PRODUCTS:
            products[layer.get_input(0).dtype.name.lower()] += 1
    return Certificate(
        layers=len(layers),
        tensors=dict(tensors),
        bytes_at_batch_1=dict(sizes),
        products=dict(products),
        float_layers=tuple(float_layers),
        half_share_of_tensors=_half_share(tensors),
        half_share_of_bytes=_half_share(sizes),
        half_share_of_products=_half_share(products),
    )


def bytes_at_batch_1(shape: tuple[int, ...], dtype: str) -> int:
    """Count a tensor's bytes, a dynamic first dimension taken as 1; 0 if that is not enough."""
    if shape and shape[0] == -1:
        shape = (1, *shape[1:])
    return 0 if min(shape, default=1) < 0 else prod(shape) * _BYTES.get(dtype, 0)


def _half_share(counted: Counter[str]) -> float:
    floating = sum(counted[name] for name in _FLOATING)
    return counted["half"] / floating if floating else 0.0
