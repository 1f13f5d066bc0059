"""Shapes of a graph's tensors for one image."""

from collections.abc import Mapping
from math import prod

import onnx
from onnx import helper

from ...runtime.errors import ArtifactError

Shapes = Mapping[str, tuple[int, ...]]

_SMALL = 1024
"""Numbers in a constant that inference may have to read: shapes, axes, pads."""


def shapes_of(model: onnx.ModelProto) -> Shapes:
    """
    Infer the shape of every constant, input and output of a node, at batch 1.

    Raises:
        ArtifactError: operators do not fit together, or a shape depends on the data.

    """
    graph = model.graph
    constants = {one.name: tuple(one.dims) for one in graph.initializer}
    inputs = [_one_image(one) for one in graph.input if one.name not in constants]
    light = helper.make_model(
        _without_weights(graph, inputs),
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
    )
    try:
        inferred = onnx.shape_inference.infer_shapes(light, strict_mode=True, data_prop=True).graph
    except onnx.shape_inference.InferenceError as error:
        raise ArtifactError(f"operators do not fit together: {error}") from error
    values = (*inputs, *inferred.value_info, *inferred.output)
    shapes = {one.name: _shape(one) for one in values} | constants
    for node in graph.node:
        for name in node.output:
            if name and name not in shapes:
                raise ArtifactError(f"{name}: expected a static shape, inference finds none")
    return shapes


def _without_weights(graph: onnx.GraphProto, inputs: list[onnx.ValueInfoProto]) -> onnx.GraphProto:
    large = [one for one in graph.initializer if prod(one.dims) > _SMALL]
    small = [one for one in graph.initializer if prod(one.dims) <= _SMALL]
    given = [helper.make_tensor_value_info(one.name, one.data_type, one.dims) for one in large]
    outputs = [
        helper.make_tensor_value_info(one.name, one.type.tensor_type.elem_type, None)
        for one in graph.output
    ]
    return helper.make_graph(graph.node, "one image", [*inputs, *given], outputs, small)


def _one_image(value: onnx.ValueInfoProto) -> onnx.ValueInfoProto:
    declared = value.type.tensor_type
    shape = [1, *(one.dim_value for one in declared.shape.dim[1:])]
    if 0 in shape:
        raise ArtifactError(f"{value.name}: expected static sizes behind the batch, got {shape}")
    return helper.make_tensor_value_info(value.name, declared.elem_type, shape)


def _shape(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    dims = value.type.tensor_type.shape.dim
    if not value.type.tensor_type.HasField("shape") or any(
        not one.HasField("dim_value") for one in dims
    ):
        raise ArtifactError(f"{value.name}: expected a static shape, it depends on the data")
    return tuple(one.dim_value for one in dims)
