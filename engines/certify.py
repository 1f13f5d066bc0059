"""What a network really computes in, read from the network TensorRT parsed, not from a wish."""

from typing import TYPE_CHECKING

from ..runtime.engine.certificate import Certificate
from ..runtime.engine.tally import Tally

if TYPE_CHECKING:
    import tensorrt as trt

_PRODUCTS = {"CONVOLUTION", "DECONVOLUTION", "MATRIX_MULTIPLY", "EINSUM"}


def certify(network: "trt.INetworkDefinition") -> Certificate:
    """Read every layer of a parsed, strongly typed network."""
    tally = Tally()
    layers = [network.get_layer(index) for index in range(network.num_layers)]
    for layer in layers:
        if layer.type.name == "CONSTANT":
            continue
        outputs = [layer.get_output(index) for index in range(layer.num_outputs)]
        written = [(output.dtype.name.lower(), tuple(output.shape)) for output in outputs]
        is_product = layer.type.name in _PRODUCTS
        product_of = layer.get_input(0).dtype.name.lower() if is_product else None
        tally.add(layer.name, written, product_of)
    return tally.certificate()
