"""A branch that takes pixels as they are: a quarter of the bytes, and no CPU to normalise them."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ..runtime.preprocess import Preprocess
from .findings import Reason
from .graph import INPUT, check
from .islands import Island

_NODES = ("normalise_cast", "normalise_transpose", "normalise_scale", "normalise_shift")

NORMALISATION = Island(
    nodes=_NODES,
    reasons=(
        Reason(kind="rule", node=_NODES[0], reason="pixels are normalised before the cast to half"),
    ),
)
"""The FP32 nodes that `with_uint8_input` puts first."""


def with_uint8_input(model: onnx.ModelProto, preprocess: Preprocess) -> onnx.ModelProto:
    """
    Put the normalisation of `Preprocess.tensor` into a graph.

    Args:
        model: `images` float32 [B, 3, H, W], in either precision; not changed.
        preprocess: the branch's; its mean and std become constants.

    Returns:
        The same graph behind `images` uint8 [B, H, W, 3], RGB.

    Raises:
        ArtifactError: onnx refuses the result.

    """
    raw = onnx.ModelProto()
    raw.CopyFrom(model)
    graph = raw.graph
    for node in graph.node:
        node.input[:] = ["normalised" if name == INPUT else name for name in node.input]
    body = list(graph.node)
    del graph.node[:]
    graph.node.extend([*_normalisation(), *body])
    graph.initializer.extend(_constants(preprocess))
    batch = graph.input[0].type.tensor_type.shape.dim[0].dim_param
    shape = [batch, preprocess.height, preprocess.width, 3]
    graph.input[0].CopyFrom(helper.make_tensor_value_info(INPUT, TensorProto.UINT8, shape))
    del graph.value_info[:]
    check(raw, "graph of uint8 images")
    return raw


def _normalisation() -> list[onnx.NodeProto]:
    cast, transpose, scale, shift = _NODES
    return [
        helper.make_node("Cast", [INPUT], ["pixels"], name=cast, to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["pixels"], ["planes"], name=transpose, perm=[0, 3, 1, 2]),
        helper.make_node("Mul", ["planes", "pixel_scale"], ["scaled"], name=scale),
        helper.make_node("Sub", ["scaled", "pixel_shift"], ["normalised"], name=shift),
    ]


def _constants(preprocess: Preprocess) -> list[onnx.TensorProto]:
    scale, shift = preprocess.scale_and_shift()
    return [
        numpy_helper.from_array(np.reshape(values, (1, 3, 1, 1)), name)
        for name, values in (("pixel_scale", scale), ("pixel_shift", shift))
    ]
