"""From ONNX bytes to a typed network, by NVIDIA's parser."""

from collections.abc import Iterable
from typing import Any

from ..runtime.errors import ArtifactError
from .contract import TensorRecord


def create_network(module: Any, builder: Any) -> Any:  # noqa: ANN401 - see adapter.py
    """Create a network whose types are the graph's: 11 knows no other kind."""
    flags = getattr(module, "NetworkDefinitionCreationFlag", None)
    typed = getattr(flags, "STRONGLY_TYPED", None)
    return builder.create_network(0 if typed is None else 1 << int(typed))


def parse(module: Any, network: Any, logger: Any, onnx: bytes) -> None:  # noqa: ANN401
    """
    Fill a network from ONNX bytes.

    No path is handed over: weights in other files would escape the engine's key.

    Raises:
        ArtifactError: the parser refuses the graph; each finding names its node.

    """
    parser = module.OnnxParser(network, logger)
    if not parser.parse(onnx):
        errors = [parser.get_error(index) for index in range(parser.num_errors)]
        findings = "; ".join(dict.fromkeys(_finding(error) for error in errors))
        raise ArtifactError(f"the parser refuses the graph: {findings or 'no reason given'}")
    if network.num_inputs == 0 or network.num_outputs == 0:
        raise ArtifactError("the graph is empty: no input or no output; export it again")


def _finding(error: Any) -> str:  # noqa: ANN401
    text = " ".join(str(error.desc()).split())
    name, operator = error.node_name(), error.node_operator()
    return f"node {name} ({operator}): {text}" if name or operator else text


def records(tensors: Iterable[Any]) -> tuple[TensorRecord, ...]:
    """Describe ITensors."""
    return tuple(
        TensorRecord(name=tensor.name, dtype=tensor.dtype.name.lower(), shape=tuple(tensor.shape))
        for tensor in tensors
    )


def inputs_of(network: Any) -> tuple[TensorRecord, ...]:  # noqa: ANN401
    """Describe a network's inputs."""
    return records(network.get_input(index) for index in range(network.num_inputs))


def outputs_of(network: Any) -> tuple[TensorRecord, ...]:  # noqa: ANN401
    """Describe a network's outputs."""
    return records(network.get_output(index) for index in range(network.num_outputs))
