"""
FP32 to FP16, written into the graph: no builder flag decides it.

Everything on feature maps goes to half, but for the FP32 islands (islands.py). One cast stands
at the input, and one wherever a tensor is read in the other precision than it is written in.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .findings import Peaks
from .graph import check
from .islands import Island, plan_islands
from .tensor_types import tensor_types

_SUFFIX = {TensorProto.FLOAT: "float", TensorProto.FLOAT16: "half"}


@dataclass(frozen=True, slots=True)
class HalfGraph:
    """A graph in explicit half precision."""

    model: onnx.ModelProto
    """float32 input and output; half between the input's cast and the head, islands apart."""

    islands: tuple[Island, ...]
    """What is left in FP32."""


def to_half(model: onnx.ModelProto, peaks: Peaks | None = None) -> HalfGraph:
    """
    Convert a branch.

    Args:
        model: an FP32 graph of `export_branch`; not changed.
        peaks: what `calibrate` saw; None converts by rule alone and trusts that no activation
            leaves half's range.

    Raises:
        ArtifactError: the graph has no feature maps, or nothing of it may be half.

    """
    plan = plan_islands(model, peaks)
    half = onnx.ModelProto()
    half.CopyFrom(model)
    _convert_weights(half.graph, plan.floating)
    types = tensor_types(model)
    floats = {name for name, one in types.items() if one.kind == TensorProto.FLOAT}
    _insert_casts(half.graph, plan.floating, floats)
    del half.graph.value_info[:]
    check(half, "fp16 graph")
    return HalfGraph(half, plan.islands)


def _convert_weights(graph: onnx.GraphProto, floating: frozenset[int]) -> None:
    """Round what half nodes read; a weight that an island reads, too, gets a half twin."""
    islands = [node for place, node in enumerate(graph.node) if place in floating]
    body = [node for place, node in enumerate(graph.node) if place not in floating]
    kept = {name for node in islands for name in node.input}
    rounded = {name for node in body for name in node.input}
    for weight in list(graph.initializer):
        if weight.data_type != TensorProto.FLOAT or weight.name not in rounded:
            continue
        values = numpy_helper.to_array(weight).astype(np.float16)
        if weight.name not in kept:
            weight.CopyFrom(numpy_helper.from_array(values, weight.name))
            continue
        twin = f"{weight.name}.half"
        graph.initializer.append(numpy_helper.from_array(values, twin))
        for node in body:
            _rename_input(node, weight.name, twin)


def _insert_casts(graph: onnx.GraphProto, floating: frozenset[int], tensors: set[str]) -> None:
    """Let each node read its own precision; a tensor is cast once, before its first reader."""
    kinds = [
        TensorProto.FLOAT if place in floating else TensorProto.FLOAT16
        for place in range(len(graph.node))
    ]
    written = dict.fromkeys((value.name for value in graph.input), int(TensorProto.FLOAT))
    nodes, cast = list(graph.node), set[str]()
    del graph.node[:]
    for node, kind in zip(nodes, kinds, strict=True):
        for name in _others(node, kind, written, tensors):
            twin = f"{name}.{_SUFFIX[kind]}"
            if name not in cast:
                cast.add(name)
                graph.node.append(
                    helper.make_node("Cast", [name], [twin], name=f"cast_{name}", to=kind)
                )
            _rename_input(node, name, twin)
        graph.node.append(node)
        written.update(dict.fromkeys(node.output, kind))


def _others(
    node: onnx.NodeProto, kind: int, written: dict[str, int], tensors: set[str]
) -> Iterator[str]:
    """List the tensors that a node reads and that are written in the other precision."""
    names = [name for name in dict.fromkeys(node.input) if name in tensors]
    return (name for name in names if written.get(name, kind) != kind)


def _rename_input(node: onnx.NodeProto, old: str, new: str) -> None:
    for position, name in enumerate(node.input):
        if name == old:
            node.input[position] = new
