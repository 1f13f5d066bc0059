"""What the oldest runtimes that clnet serves can read."""

from collections.abc import Iterator

from .finding import Finding
from .scope import nodes_of
from .subject import Subject

OPSETS = range(9, 21)
"""TensorRT 10.0 to 10.3 (JetPack 6.2) read opset 9 to 20, says onnx-tensorrt's operators.md; ONNX
Runtime 1.18 reads up to 21."""

MAX_IR_VERSION = 10
"""ONNX Runtime 1.18 and TensorRT 10.3 are built on ONNX 1.16, whose format this is."""


def opset(subject: Subject) -> Iterator[Finding]:
    """Compare the operator set."""
    version = subject.source.opset
    if version is not None and version not in OPSETS:
        yield Finding(
            rule="opset",
            severity="warning",
            where="file",
            what=f"opset {version}: TensorRT 10.3 (JetPack 6.2) reads {OPSETS[0]} to {OPSETS[-1]}",
            remedy=f"Export at opset {OPSETS[-1]}",
        )


def ir_version(subject: Subject) -> Iterator[Finding]:
    """Compare the file format."""
    version = subject.source.model.ir_version
    if version > MAX_IR_VERSION:
        yield Finding(
            rule="ir-version",
            severity="warning",
            where="file",
            what=f"IR version {version}: ONNX Runtime 1.18 to 1.20 and TensorRT 10.3 read up to "
            f"{MAX_IR_VERSION}",
            remedy=f"If no newer type is used, set model.ir_version = {MAX_IR_VERSION} and save",
        )


def foreign_operator(subject: Subject) -> Iterator[Finding]:
    """Find operators outside ONNX's own set that the file does not define either."""
    model = subject.source.model
    own = {(function.domain, function.name) for function in model.functions}
    seen = set()
    for node in nodes_of(model):
        kind = (node.domain, node.op_type)
        if node.domain in ("", "ai.onnx") or kind in own or kind in seen:
            continue
        seen.add(kind)
        yield Finding(
            rule="foreign-operator",
            severity="warning",
            where=f"node {node.name} ({node.domain}::{node.op_type})",
            what="no operator of ONNX: only one runtime knows it, or one plugin",
            remedy="Export the plain network, before any runtime has optimised it",
        )
