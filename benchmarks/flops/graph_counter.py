"""Counting over an exported graph, node by node; torch is not needed."""

import hashlib
from math import prod
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, numpy_helper

from ...runtime.errors import ArtifactError
from .count import BranchCount, ModuleCount
from .graph_shapes import Shapes, shapes_of
from .node_macs import macs_of
from .node_modules import modules_of

_FP32_BYTES = 4

_FLOATING = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)

_LAYER_NORM_OPERATIONS = 5
"""An element, by fvcore's rule; ONNX's operator always scales."""


def count_file(path: Path) -> BranchCount:
    """
    Count a graph on disk.

    Raises:
        ArtifactError: as `count_graph`, or the file cannot be read.

    """
    try:
        return count_graph(onnx.load(path))
    except (OSError, DecodeError) as error:
        raise ArtifactError(f"cannot read {path}: {error}") from error
    except ArtifactError as error:
        raise ArtifactError(f"{path}: {error}") from error


def count_graph(model: onnx.ModelProto) -> BranchCount:
    """
    Count one branch for one image.

    Its weights are the floating-point constants of more than one number, each counted once, with
    the module that reads it first; equal numbers in two graphs are one weight.

    Raises:
        ArtifactError: a shape is not static, or an operator cannot be counted.

    """
    graph = model.graph
    shapes = shapes_of(model)
    weights = {one.name: one for one in graph.initializer if _is_weight(one)}
    counts: dict[str, ModuleCount] = {}
    for node, module in zip(graph.node, modules_of(graph, shapes), strict=True):
        count = counts.setdefault(module, ModuleCount())
        count.macs += macs_of(node, shapes)
        count.layer_norm_operations += _layer_norm_operations(node, shapes)
        count.activation_bytes += _FP32_BYTES * sum(prod(shapes[one]) for one in node.output if one)
        for name in node.input:
            if (weight := weights.pop(name, None)) is not None:
                count.weights[_identity(weight)] = prod(weight.dims)
    return counts


def _is_weight(tensor: onnx.TensorProto) -> bool:
    return tensor.data_type in _FLOATING and prod(tensor.dims) > 1


def _layer_norm_operations(node: onnx.NodeProto, shapes: Shapes) -> int:
    is_norm = node.op_type == "LayerNormalization"
    return _LAYER_NORM_OPERATIONS * prod(shapes[node.input[0]]) if is_norm else 0


def _identity(tensor: onnx.TensorProto) -> str:
    data = tensor.raw_data or numpy_helper.to_array(tensor).tobytes()
    return f"{tuple(tensor.dims)} {hashlib.sha256(data).hexdigest()}"
