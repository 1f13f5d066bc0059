"""Types and shapes of a graph's tensors, inferred without moving its weights about."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import onnx
from onnx import helper

_SMALL = 1024
"""Numbers in a constant that inference may have to read: shapes, axes, pads."""


@dataclass(frozen=True, slots=True)
class TensorType:
    """What inference knows of a tensor."""

    kind: int
    """One of `onnx.TensorProto`'s data types."""

    shape: tuple[int, ...]
    """Its dimensions; 1 stands for the batch."""


def tensor_types(model: onnx.ModelProto) -> Mapping[str, TensorType]:
    """
    Infer inputs, outputs and what nodes write, by name.

    Raises:
        InferenceError: onnx finds that operators do not fit together.

    """
    graph = model.graph
    large = [one for one in graph.initializer if prod(one.dims) > _SMALL]
    small = [one for one in graph.initializer if prod(one.dims) <= _SMALL]
    given = [helper.make_tensor_value_info(one.name, one.data_type, one.dims) for one in large]
    light = helper.make_model(
        helper.make_graph(graph.node, "types", [*graph.input, *given], graph.output, small),
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
    )
    inferred = onnx.shape_inference.infer_shapes(light, strict_mode=True).graph
    values = (*graph.input, *inferred.value_info, *inferred.output)
    return {one.name: _type(one.type.tensor_type) for one in values}


def _type(tensor: onnx.TypeProto.Tensor) -> TensorType:
    return TensorType(tensor.elem_type, tuple(one.dim_value or 1 for one in tensor.shape.dim))
