"""
Run a half graph on a CPU as if every half tensor were really rounded.

ONNX Runtime's CPU provider computes half nodes in float and drops the casts between
neighbours: nothing is rounded between them, an overflow to infinity is not seen, and a head
in half looks as good as one in float. So the gate runs a twin of the graph instead: the same
weights, every operator in float32, and each tensor that is half in the graph cast down and up
again, which the provider keeps. A GPU that fuses operators rounds less often.
"""

import onnx
from onnx import TensorProto, helper, numpy_helper

from .tensor_types import tensor_types

HALF = TensorProto.FLOAT16

MOVES_ONLY = frozenset({"Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity"})
"""Operators that write the numbers they read: rounded if those are."""


def simulate_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """
    Build the float32 twin of a half graph.

    Args:
        model: a graph of `precision.to_half`; not changed.

    Returns:
        A graph of the same inputs and outputs that ONNX Runtime's CPU provider runs with the
        rounding, and the overflow, of half.

    """
    twin = onnx.ModelProto()
    twin.CopyFrom(model)
    half = {name for name, one in tensor_types(model).items() if one.kind == HALF}
    for weight in twin.graph.initializer:
        if weight.data_type == HALF:
            values = numpy_helper.to_array(weight).astype("float32")
            weight.CopyFrom(numpy_helper.from_array(values, weight.name))
    nodes = list(twin.graph.node)
    del twin.graph.node[:]
    del twin.graph.value_info[:]
    for node in nodes:
        twin.graph.node.extend(_rounded(node, half))
    return twin


def _rounded(node: onnx.NodeProto, half: set[str]) -> list[onnx.NodeProto]:
    """Follow a node with the rounding of what it writes in half."""
    if node.op_type == "Cast" and helper.get_attribute_value(node.attribute[0]) == HALF:
        return _round(node.input[0], node.output[0])
    if node.op_type == "Cast" and node.input[0] in half:
        return [helper.make_node("Identity", [node.input[0]], [node.output[0]], name=node.name)]
    if node.op_type == "Cast" or node.op_type in MOVES_ONLY:
        return [node]
    rounding: list[onnx.NodeProto] = []
    for position, name in enumerate(node.output):
        if name in half:
            node.output[position] = f"{name}.exact"
            rounding += _round(f"{name}.exact", name)
    return [node, *rounding]


def _round(source: str, target: str) -> list[onnx.NodeProto]:
    down, up = f"{target}.down", f"{target}.up"
    return [
        helper.make_node("Cast", [source], [down], name=down, to=HALF),
        helper.make_node("Cast", [down], [target], name=up, to=TensorProto.FLOAT),
    ]
