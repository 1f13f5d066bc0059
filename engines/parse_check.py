"""
Ask TensorRT-RTX's parser about a graph and build nothing.

In a process of its own, `python -m clnet.engines.parse_check ONNX FOLDER`: a foreign graph may
crash the parser, or keep it busy for ever.
"""

import sys
from pathlib import Path
from typing import Any

from ..runtime.artifact import Artifact
from ..runtime.errors import BackendUnavailable, BuildFailed
from .adapter import load_adapter
from .apart import run_apart
from .log import Log

ANSWER = "parsed.json"

TIMEOUT_S = 120.0
"""A parse of 350 MB takes a few seconds."""


class Complaint(Artifact):
    """One thing that the parser does not take."""

    node: str
    """The node's name; empty where it is not about a node, or the node has none."""

    operator: str
    """Its operator; empty where it is not about a node."""

    message: str
    """NVIDIA's words, on one line."""


class ParseAnswer(Artifact):
    """What the process answers."""

    complaints: tuple[Complaint, ...] = ()
    """Empty for a graph that parses."""

    unavailable: str | None = None
    """Why the parser could not be asked, if it could not."""


def check_parse(onnx: Path, folder: Path, timeout_s: float = TIMEOUT_S) -> tuple[Complaint, ...]:
    """
    Parse a graph.

    Args:
        onnx: absolute path of the file, with its weights inside.
        folder: a folder of this call alone.
        timeout_s: seconds after which the parser is given up.

    Returns:
        What the parser does not take; it names every such node at once.

    Raises:
        BackendUnavailable: TensorRT-RTX is not here.
        BuildFailed: the parser crashed, or did not end in time.

    """
    arguments = [str(onnx), str(folder)]
    death = run_apart("clnet.engines.parse_check", arguments, folder, timeout_s)
    if death is not None:
        raise BuildFailed(f"the parser of TensorRT-RTX {death}")
    answer = ParseAnswer.read(folder / ANSWER)
    if answer.unavailable is not None:
        raise BackendUnavailable(answer.unavailable)
    return answer.complaints


def main(onnx: Path, folder: Path) -> int:
    """Write FOLDER/parsed.json."""
    try:
        answer = ParseAnswer(complaints=_parse(onnx.read_bytes()))
    except BackendUnavailable as error:
        answer = ParseAnswer(unavailable=str(error))
    answer.write(folder / ANSWER)
    return 0


def _parse(onnx: bytes) -> tuple[Complaint, ...]:
    adapter = load_adapter("tensorrt-rtx")
    log = Log(adapter.module, sys.stderr)
    builder = adapter.module.Builder(log.logger)
    network = builder.create_network(0)  # this flavour's networks are all strongly typed
    parser = adapter.module.OnnxParser(network, log.logger)
    if parser.parse(onnx):
        return ()
    errors = [parser.get_error(index) for index in range(parser.num_errors)]
    complaints = tuple(_complaint(error) for error in errors)
    return complaints or (Complaint(node="", operator="", message="no reason given"),)


def _complaint(error: Any) -> Complaint:  # noqa: ANN401 - NVIDIA's IParserError
    message = " ".join(str(error.desc()).split())
    if message == "false" or "Plugin not found" in message:
        message = "it has no such operator"
    return Complaint(
        node=str(error.node_name()),
        operator=str(error.node_operator()),
        message=message.removeprefix("Assertion failed: "),
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
