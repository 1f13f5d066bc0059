"""What a graph computes in and why, counted on the graph itself: `certificate.json`."""

from collections import Counter

import onnx
from onnx import TensorProto
from pydantic import Field, NonNegativeInt, PositiveInt

from ..runtime.artifact import Artifact
from .calibration_images import CalibrationSource
from .findings import OVERFLOW_LIMIT, UNDERFLOW_LIMIT
from .islands import PRODUCTS, Island
from .tensor_types import tensor_types

TURING = "7.5"
"""The compute capability whose GPUs have no FP32 matrix product in TensorRT-RTX."""

_FLOATING: dict[int, str] = {TensorProto.FLOAT: "float", TensorProto.FLOAT16: "half"}


class Calibration(Artifact):
    """The measurement that islands were chosen by."""

    source: CalibrationSource
    """What the images are; the gate saw none of the first two."""

    images: PositiveInt
    """How many there were."""

    images_sha256: str
    """Hash of those files."""

    overflow_limit: float = OVERFLOW_LIMIT
    """A tensor that reaches further stays FP32."""

    underflow_limit: float = UNDERFLOW_LIMIT
    """A tensor that nowhere reaches it stays FP32, unless a sum swallows it."""

    largest: dict[str, float]
    """The half tensors that reach furthest, with their largest absolute values: the headroom."""


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

    left_out: dict[str, str]
    """
    Compute capabilities for which TensorRT-RTX builds no engine of this graph, with the reason;
    an engine's own record says it again, in the compiler's words.
    """

    islands: tuple[Island, ...]
    """What stays in FP32 although the rest is half; empty for an FP32 graph."""

    calibration: Calibration | None = None
    """The measurement that the islands were chosen by; None for an FP32 graph."""


class Certificate(Artifact):
    """The certificates of all graphs of a bundle."""

    graphs: tuple[GraphCertificate, ...]
    """One a graph."""


def certify(
    name: str,
    model: onnx.ModelProto,
    islands: tuple[Island, ...] = (),
    calibration: Calibration | None = None,
) -> GraphCertificate:
    """
    Count a graph's types.

    Args:
        name: the file, relative to the bundle.
        model: the graph.
        islands: what the conversion to half left in FP32.
        calibration: what they were chosen by.

    """
    graph = model.graph
    types = {name: one.kind for name, one in tensor_types(model).items()}
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
        left_out=_left_out(graph, types),
        islands=islands,
        calibration=calibration,
    )


def _left_out(graph: onnx.GraphProto, types: dict[str, int]) -> dict[str, str]:
    products = [
        node.name
        for node in graph.node
        if node.op_type in PRODUCTS and types.get(node.output[0]) == TensorProto.FLOAT
    ]
    if not products:
        return {}
    more = f" and {len(products) - 1} more" if len(products) > 1 else ""
    return {TURING: f"FP32 GEMM is not supported for Turing: {products[0]}{more}"}
