"""Casts that undo each other, and too many of them."""

from collections.abc import Iterator

import onnx

from .finding import Finding
from .scope import FLOATING, Scope, dtype_name
from .subject import Subject

MANY = 8
"""Casts between floating types. One stands at the input and two at each FP32 island's borders; a
network of this kind has one island of a few levels."""


def cancelling_casts(subject: Subject) -> Iterator[Finding]:
    """Find a cast back to the type that a cast has just left, and a cast to the same type."""
    for scope in subject.scopes:
        for node in scope.nodes:
            if (fault := _fault(scope, node)) is not None:
                yield Finding(
                    rule="cancelling-casts",
                    severity="warning",
                    where=scope.name_of(node),
                    what=fault,
                    remedy="Remove both and connect what is before with what comes after; if the "
                    "rounding is wanted, know that compilers remove it",
                )


def many_casts(subject: Subject) -> Iterator[Finding]:
    """Count casts between floating types."""
    casts = [
        (scope, node)
        for scope in subject.scopes
        for node in scope.nodes
        if _target(node) in FLOATING and _source(scope, node) in FLOATING
    ]
    if len(casts) > MANY:
        scope, first = casts[0]
        yield Finding(
            rule="many-casts",
            severity="advice",
            where=scope.name_of(first),
            what=f"the first of {len(casts)} casts between floating types: each may be a pass over "
            "memory",
            remedy="Merge FP32 islands that lie close together",
        )


def _fault(scope: Scope, node: onnx.NodeProto) -> str | None:
    target, source = _target(node), _source(scope, node)
    if not target or not source:
        return None
    if target == source:
        return f"casts {dtype_name(source)} to itself"
    before = scope.maker(node.input[0])
    if before is None or _target(before) != source or _source(scope, before) != target:
        return None
    return f"casts back to {dtype_name(target)} what was just cast from it"


def _target(node: onnx.NodeProto) -> int:
    if node.op_type != "Cast":
        return 0
    return next((attribute.i for attribute in node.attribute if attribute.name == "to"), 0)


def _source(scope: Scope, node: onnx.NodeProto) -> int:
    return scope.kind(node.input[0]).dtype if node.op_type == "Cast" and node.input else 0
