"""What shape computation leaves behind."""

from collections import Counter
from collections.abc import Iterator

import onnx

from .finding import Finding
from .scope import Scope
from .subject import Subject

_KEPT = ("Constant", "DequantizeLinear")
"""Not to be folded: a constant is one already, a quantized weight is meant to be one."""


def shape_clutter(subject: Subject) -> Iterator[Finding]:
    """Find each node that takes a shape computed in the graph: Shape, Gather, Range and so on."""
    for scope in subject.scopes:
        shapes = _shape_nodes(scope)
        for node in scope.nodes:
            sources = _sources(node, shapes)
            if not sources or node.output[0] in shapes:
                continue
            operators = Counter(source.op_type for source in sources)
            told = ", ".join(f"{count} {name}" for name, count in sorted(operators.items()))
            yield Finding(
                rule="shape-clutter",
                severity="warning",
                where=scope.name_of(node),
                what=f"its shape is computed as the graph runs ({told}): no kernel spans it",
                remedy="Export with fixed height and width, fold with onnxslim; x.mean((-2, -1)) "
                "for a global pool, x * rsqrt(sum(x²) + eps) for F.normalize leave none",
            )


def unfolded_constants(subject: Subject) -> Iterator[Finding]:
    """Count the nodes that compute from constants alone."""
    for scope in subject.scopes:
        constant: set[str] = set()
        found = []
        for node in scope.nodes:
            inputs = [name for name in node.input if name]
            if not inputs or not node.output or node.op_type in _KEPT:
                continue
            if all(name in constant or scope.is_constant(name) for name in inputs):
                constant.update(node.output)
                found.append(node)
        if found:
            yield Finding(
                rule="unfolded-constants",
                severity="advice",
                where=scope.name_of(found[0]),
                what=f"computes from constants alone, the first of {len(found)} such nodes",
                remedy="Fold them: onnxslim MODEL.onnx FOLDED.onnx",
            )


def _shape_nodes(scope: Scope) -> dict[str, onnx.NodeProto]:
    """Map each tensor that depends on nothing but shapes and constants to its node."""
    shapes: dict[str, onnx.NodeProto] = {}
    for node in scope.nodes:
        varying = [name for name in node.input if name and not scope.is_constant(name)]
        from_shapes = bool(varying) and all(name in shapes for name in varying)
        if node.op_type in ("Shape", "Size") or from_shapes:
            shapes.update((name, node) for name in node.output)
    return shapes


def _sources(node: onnx.NodeProto, shapes: dict[str, onnx.NodeProto]) -> list[onnx.NodeProto]:
    """List the shape computation that a node hangs on."""
    if not node.output:
        return []
    found: dict[int, onnx.NodeProto] = {}
    waiting = list(node.input)
    while waiting:
        source = shapes.get(waiting.pop())
        if source is not None and id(source) not in found:
            found[id(source)] = source
            waiting += source.input
    return list(found.values())
