"""What a graph computes in, counted on the graph itself: `certificate.json`."""

from collections import Counter

import onnx
from onnx import TensorProto
from pydantic import Field, NonNegativeInt

from ..runtime.artifact import Artifact
from .precision import Island

_FLOATING = {TensorProto.FLOAT: "float", TensorProto.FLOAT16: "half"}


class IslandRecord(Artifact):
    """Nodes that were left in FP32."""

    nodes: tuple[str, ...]
    """Their names."""

    reason: str
    """Why."""


class GraphCertificate(Artifact):
    """Types of one graph, by inference over its nodes."""

    graph: str
    """The file, relative to the bundle."""

    nodes: NonNegativeInt
    """Nodes in all."""

    casts: NonNegativeInt
    """Cast nodes among them."""

    tensors: dict[str, int]
    """Floating-point tensors that nodes write, by type: half, float."""

    weight_bytes: dict[str, int]
    """Bytes of floating-point weights, by type."""

    half_share: float = Field(ge=0, le=1)
    """Share of `tensors` that are half."""

    islands: tuple[IslandRecord, ...]
    """What stays in FP32 although the rest is half; empty for an FP32 graph."""


class Certificate(Artifact):
    """The certificates of all graphs of a bundle."""

    graphs: tuple[GraphCertificate, ...]
    """One a graph."""


def certify(
    name: str, model: onnx.ModelProto, islands: tuple[Island, ...] = ()
) -> GraphCertificate:
    """
    Count a graph's types.

    Args:
        name: the file, relative to the bundle.
        model: the graph.
        islands: what the conversion to half left in FP32.

    """
    graph = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph
    types = {
        value.name: value.type.tensor_type.elem_type for value in (*graph.value_info, *graph.output)
    }
    written = [types.get(name) for node in graph.node for name in node.output]
    tensors = Counter(_FLOATING[kind] for kind in written if kind in _FLOATING)
    weights: Counter[str] = Counter()
    for weight in graph.initializer:
        if weight.data_type in _FLOATING:
            kind = _FLOATING[weight.data_type]
            weights[kind] += onnx.numpy_helper.to_array(weight).nbytes
    return GraphCertificate(
        graph=name,
        nodes=len(graph.node),
        casts=sum(node.op_type == "Cast" for node in graph.node),
        tensors=dict(tensors),
        weight_bytes=dict(weights),
        half_share=tensors["half"] / max(1, sum(tensors.values())),
        islands=tuple(IslandRecord(nodes=one.nodes, reason=one.reason) for one in islands),
    )
