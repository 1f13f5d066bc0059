"""An eps that is zero in half guards nothing: a zero vector gives NaN."""

from collections.abc import Iterator

import numpy as np
import onnx

from .finding import Finding, Severity
from .scope import FLOAT, HALF, Scope
from .subject import Subject

HALF_TINY = float(np.finfo(np.float16).smallest_subnormal)
"""5.96e-8, the least that half holds; half of it and less rounds to zero."""

_GUARDS = ("Add", "Max", "Clip")
_NORMS = (
    "BatchNormalization",
    "GroupNormalization",
    "InstanceNormalization",
    "LayerNormalization",
)
_REMEDY = "Keep this island in FP32 (a Cast before, a Cast after)"
_OR_REMEDY = f"{_REMEDY[0].lower()}{_REMEDY[1:]}"


def eps_dies_in_half(subject: Subject) -> Iterator[Finding]:
    """Find guards of at most 6e-8 on half tensors, or on float ones that may yet become half."""
    converted = subject.half
    for scope in subject.scopes:
        for node in scope.nodes:
            dtype = scope.kind(node.output[0]).dtype if node.output else 0
            eps = _guard(scope, node)
            if dtype == HALF and eps is not None:
                dead = "is zero, or as good as zero, in half: a zero vector gives NaN"
                yield _finding(scope, node, "error", f"its eps of {eps:g} {dead}", _REMEDY)
            elif dtype == FLOAT and eps and not converted:
                what = f"its eps of {eps:g} would be zero in half"
                yield _finding(scope, node, "advice", what, f"When converting: {_OR_REMEDY}")
            elif dtype == HALF and (eps := _norm_epsilon(node)) is not None:
                what = f"epsilon {eps:g} on half tensors: zero wherever a kernel computes in half"
                yield _finding(scope, node, "warning", what, f"Take 1e-6 or more, or: {_OR_REMEDY}")


def _guard(scope: Scope, node: onnx.NodeProto) -> float | None:
    """Read the constant that a node keeps its input away from zero with."""
    if node.op_type not in _GUARDS:
        return None
    floor = node.input[1:2] if node.op_type == "Clip" else node.input
    values = [value for name in floor if (value := scope.scalar(name)) is not None]
    values += [one.f for one in node.attribute if node.op_type == "Clip" and one.name == "min"]
    for value in values:
        if 0 < value <= HALF_TINY or (value == 0 and _must_not_be_zero(scope, node)):
            return value
    return None


def _must_not_be_zero(scope: Scope, node: onnx.NodeProto) -> bool:
    """Adding 0 serves nothing: it was an eps. A floor of 0 is a ReLU unless something divides."""
    if node.op_type == "Add":
        return True
    names = list(node.output)
    for _ in range(3):
        readers = [(name, reader) for name in names for reader in scope.readers(name)]
        if any(_divides_by(name, reader) for name, reader in readers):
            return True
        passed = ("Expand", "Cast", "Identity", "Unsqueeze", "Reshape", "Sqrt")
        names = [one for _, reader in readers if reader.op_type in passed for one in reader.output]
    return False


def _divides_by(name: str, reader: onnx.NodeProto) -> bool:
    is_divisor = reader.op_type == "Div" and name in reader.input[1:2]
    return is_divisor or reader.op_type in ("Reciprocal", "Log")


def _norm_epsilon(node: onnx.NodeProto) -> float | None:
    if node.op_type not in _NORMS:
        return None
    given = [one.f for one in node.attribute if one.name == "epsilon"]
    return given[0] if given and 0 <= given[0] <= HALF_TINY else None


def _finding(
    scope: Scope, node: onnx.NodeProto, severity: Severity, what: str, remedy: str
) -> Finding:
    where = scope.name_of(node)
    return Finding(
        rule="eps-dies-in-half", severity=severity, where=where, what=what, remedy=remedy
    )
