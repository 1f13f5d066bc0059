"""Multiply-accumulates of one ONNX node, from shapes alone."""

from math import prod

import onnx

from ...runtime.errors import ArtifactError
from .graph_shapes import Shapes

_STANDARD = ("", "ai.onnx")

_UNCOUNTED = {
    "Attention", "ConvInteger", "DeformConv", "Einsum", "GRU", "If", "LSTM", "Loop",
    "MatMulInteger", "QLinearConv", "QLinearMatMul", "RNN", "Scan",
}  # fmt: skip
"""Standard operators that multiply matrices, or hold graphs, in ways that nobody counts here."""


def macs_of(node: onnx.NodeProto, shapes: Shapes) -> int:
    """
    Count one node.

    Conv: outputs x (input channels a group x kernel). ConvTranspose: inputs x (output channels a
    group x kernel). MatMul and Gemm: outputs x inner length. Any other standard operator
    multiplies no matrices: 0.

    Raises:
        ArtifactError: an operator whose products are not counted here; never a silent 0.

    """
    if node.domain not in _STANDARD or node.op_type in _UNCOUNTED:
        where = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
        raise ArtifactError(
            f"node {node.name or node.output[0]}: cannot count {where}; "
            "expected a graph of clnet-export, whose products are Conv, MatMul and Gemm"
        )
    if node.op_type == "Conv":
        return prod(shapes[node.output[0]]) * prod(shapes[node.input[1]][1:])
    if node.op_type == "ConvTranspose":
        return prod(shapes[node.input[0]]) * prod(shapes[node.input[1]][1:])
    if node.op_type == "MatMul":
        return prod(shapes[node.output[0]]) * shapes[node.input[0]][-1]
    if node.op_type == "Gemm":
        turned = any(one.name == "transA" and one.i for one in node.attribute)
        return prod(shapes[node.output[0]]) * shapes[node.input[0]][0 if turned else 1]
    return 0
