"""
FP32 to FP16, written into the graph: no builder flag decides it.

Everything on feature maps goes to half. The head, from the pooling to the unit vector, stays
one FP32 island: the L2 norm's eps of 1e-12 would be zero in half, and half-precision
norms come out at 1.0005. One cast stands at the input, one a level at the island's border.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ..runtime.errors import ArtifactError
from .graph import INPUT, check

HALF_MAX = float(np.finfo(np.float16).max)


@dataclass(frozen=True, slots=True)
class Island:
    """Nodes that stay in FP32."""

    nodes: tuple[str, ...]
    """Names of the nodes, in the graph's order."""

    reason: str
    """Why they stay."""


@dataclass(frozen=True, slots=True)
class HalfGraph:
    """A graph in explicit half precision."""

    model: onnx.ModelProto
    """float32 input and output; half between the input's cast and the island."""

    islands: tuple[Island, ...]
    """What is left in FP32."""


def to_half(model: onnx.ModelProto) -> HalfGraph:
    """
    Convert a branch.

    Args:
        model: an FP32 graph of `export_branch`; not changed.

    Raises:
        ArtifactError: a weight is beyond half's range, or the graph has no feature maps.

    """
    half = onnx.ModelProto()
    half.CopyFrom(model)
    graph = half.graph
    head = _head(model)
    if not head or len(head) == len(graph.node):
        raise ArtifactError("cannot convert to fp16: the graph has no pooling of feature maps")
    body = [node for node in graph.node if node.name not in head]
    _convert_weights(graph, body, [node for node in graph.node if node.name in head])
    _cast_input(graph, body)
    _cast_borders(graph, body, head)
    del graph.value_info[:]
    check(half, "fp16 graph")
    names = tuple(node.name for node in model.graph.node if node.name in head)
    return HalfGraph(half, (Island(names, "pooling, BatchNorm and L2 norm: eps and sums"),))


def _head(model: onnx.ModelProto) -> set[str]:
    """Walk back from the output; stop at, and include, what consumes feature maps."""
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    known = [*inferred.graph.value_info, *inferred.graph.output, *inferred.graph.input]
    ranks = {value.name: len(value.type.tensor_type.shape.dim) for value in known}
    weights = {weight.name for weight in model.graph.initializer}
    producers = {name: node for node in model.graph.node for name in node.output}
    head: set[str] = set()
    waiting = [output.name for output in model.graph.output]
    while waiting:
        node = producers.get(waiting.pop())
        if node is None or node.name in head:
            continue
        head.add(node.name)
        inputs = [name for name in node.input if name and name not in weights]
        waiting += [name for name in inputs if ranks.get(name, 4) < 3]
    return head


def _convert_weights(
    graph: onnx.GraphProto, body: list[onnx.NodeProto], head: list[onnx.NodeProto]
) -> None:
    """Round the body's weights; one that the head uses, too, gets a half twin."""
    used_by_head = {name for node in head for name in node.input}
    used_by_body = {name for node in body for name in node.input}
    for weight in list(graph.initializer):
        if weight.data_type != TensorProto.FLOAT or weight.name not in used_by_body:
            continue
        values = numpy_helper.to_array(weight)
        if np.abs(values).max(initial=0.0) > HALF_MAX:
            raise ArtifactError(f"cannot convert to fp16: {weight.name} is beyond {HALF_MAX}")
        shared = weight.name in used_by_head
        name = f"{weight.name}.half" if shared else weight.name
        rounded = numpy_helper.from_array(values.astype(np.float16), name)
        if shared:
            graph.initializer.append(rounded)
            for node in body:
                _rename_input(node, weight.name, name)
        else:
            weight.CopyFrom(rounded)


def _cast_input(graph: onnx.GraphProto, body: list[onnx.NodeProto]) -> None:
    name = f"{INPUT}.half"
    for node in body:
        _rename_input(node, INPUT, name)
    cast = helper.make_node("Cast", [INPUT], [name], name="cast_input", to=TensorProto.FLOAT16)
    graph.node.insert(0, cast)


def _cast_borders(graph: onnx.GraphProto, body: list[onnx.NodeProto], head: set[str]) -> None:
    made_in_half = {name for node in body for name in node.output}
    cast: set[str] = set()
    index = 0
    while index < len(graph.node):
        node = graph.node[index]
        for name in [name for name in node.input if node.name in head and name in made_in_half]:
            _rename_input(node, name, f"{name}.float")
            if name not in cast:
                cast.add(name)
                graph.node.insert(index, _cast_up(name))
                index += 1
        index += 1


def _cast_up(name: str) -> onnx.NodeProto:
    return helper.make_node(
        "Cast", [name], [f"{name}.float"], name=f"cast_{name}", to=TensorProto.FLOAT
    )


def _rename_input(node: onnx.NodeProto, old: str, new: str) -> None:
    for position, name in enumerate(node.input):
        if name == old:
            node.input[position] = new
