"""What NVIDIA's own parser says."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from ...engines.parse_check import Complaint, check_parse
from ...engines.target import installed_flavours
from ...runtime.errors import BuildFailed
from .finding import Finding
from .source import Source

RULE = "tensorrt-rtx-parser"


def reason_not_to_ask(source: Source) -> str | None:
    """Say why the parser cannot be asked, if it cannot."""
    if "tensorrt-rtx" not in installed_flavours():
        return f"{RULE}: tensorrt_rtx is not installed (pip install '.[rtx]')"
    if source.findings:
        return f"{RULE}: weights of the graph are missing"
    return None


def ask_parser(source: Source) -> Iterator[Finding]:
    """
    Let TensorRT-RTX parse the graph, in a process of its own: a foreign graph may crash it.

    Raises:
        BackendUnavailable: the module is there, but cannot be loaded.

    """
    with tempfile.TemporaryDirectory(prefix="clnet-lint-") as name:
        folder = Path(name)
        path = source.path.resolve()
        if source.external:
            path = folder / "whole.onnx"
            path.write_bytes(source.model.SerializeToString())
        try:
            complaints = check_parse(path, folder)
        except BuildFailed as error:
            yield _finding("file", str(error), "Report it to NVIDIA, with the graph")
            return
    yield from (_of_complaint(complaint) for complaint in complaints)


def _of_complaint(complaint: Complaint) -> Finding:
    node = f"node {complaint.node or '(no name)'} ({complaint.operator})"
    where = node if complaint.operator else "file"
    return _finding(
        where,
        f"TensorRT-RTX does not parse it: {complaint.message}",
        "Write it with operators that onnx-tensorrt's operators.md lists, or move it out of the "
        "graph",
    )


def _finding(where: str, what: str, remedy: str) -> Finding:
    return Finding(rule=RULE, severity="error", where=where, what=what, remedy=remedy)
