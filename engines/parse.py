"""From ONNX bytes to a typed network, by NVIDIA's parser."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..runtime.engine.contract import TensorRecord
from ..runtime.engine.tensorrt_api import TensorRT
from ..runtime.errors import ArtifactError
from .log import Log

if TYPE_CHECKING:
    import tensorrt as trt


@dataclass(frozen=True, slots=True)
class Parsed:
    """A network and what keeps it alive."""

    network: "trt.INetworkDefinition"
    """INetworkDefinition, strongly typed."""

    parser: "trt.OnnxParser"
    """OnnxParser: it owns the weights, so it must outlive the build."""

    inputs: tuple[TensorRecord, ...]
    """What the network reads; at least one."""

    outputs: tuple[TensorRecord, ...]
    """What it returns; at least one."""


def parse(module: TensorRT, builder: "trt.Builder", log: Log, onnx: bytes) -> Parsed:
    """
    Parse a graph.

    The shapes are those that the operators give; what the file declares of its outputs does not
    count. No path is handed over: weights in other files would escape the engine's key.

    Args:
        module: either flavour.
        builder: its builder.
        log: what that builder writes to.
        onnx: the file's content.

    Raises:
        ArtifactError: the parser refuses the graph; each finding names its node.

    """
    network = builder.create_network(_typed(module))
    parser = module.OnnxParser(network, log.logger)
    if not parser.parse(onnx):
        errors = [parser.get_error(index) for index in range(parser.num_errors)]
        findings = "; ".join(dict.fromkeys(_finding(error, len(onnx)) for error in errors))
        raise ArtifactError(f"the parser refuses the graph: {findings or 'no reason given'}")
    if network.num_inputs == 0 or network.num_outputs == 0:
        raise ArtifactError(
            f"the graph is empty: expected inputs and outputs, got none in {len(onnx)} bytes; "
            "export it again"
        )
    inputs = _records(network.get_input(index) for index in range(network.num_inputs))
    outputs = _records(network.get_output(index) for index in range(network.num_outputs))
    return Parsed(network, parser, inputs, outputs)


def _typed(module: TensorRT) -> int:
    # 10.x builds typed networks on request, 11 no others, and its enum may lack the name.
    flags = getattr(module, "NetworkDefinitionCreationFlag", None)
    typed = getattr(flags, "STRONGLY_TYPED", None)
    return 0 if typed is None else 1 << int(typed)


def _finding(error: "trt.ParserError", size_bytes: int) -> str:
    text = " ".join(str(error.desc()).split())
    if "Failed to parse the ONNX model" in text:
        return f"{size_bytes} bytes that are no ONNX file, or a truncated one; export it again"
    if "Failed to import initializer" in text:
        name = text.rpartition(":")[2].strip()
        return f"weight {name}: its size is wrong, or it lies outside the file; export it again"
    name, operator = error.node_name(), error.node_operator()
    return f"node {name} ({operator}): {text}" if name or operator else text


def _records(tensors: Iterable["trt.ITensor"]) -> tuple[TensorRecord, ...]:
    return tuple(
        TensorRecord(name=tensor.name, dtype=tensor.dtype.name.lower(), shape=tuple(tensor.shape))
        for tensor in tensors
    )
