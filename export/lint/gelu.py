"""GELU written out with an error function."""

from collections.abc import Iterator

from .finding import Finding
from .scope import Scope
from .subject import Subject


def decomposed_gelu(subject: Subject) -> Iterator[Finding]:
    """Find x / 2 * (1 + erf(x / sqrt(2))), by its Erf and the 1."""
    for scope in subject.scopes:
        for node in scope.nodes:
            if node.op_type == "Erf" and node.output and _adds_one(scope, node.output[0]):
                yield Finding(
                    rule="decomposed-gelu",
                    severity="advice",
                    where=scope.name_of(node),
                    what="a GELU written out as div, erf, add, mul, mul: five passes over memory "
                    "wherever a compiler does not find it again",
                    remedy="Export at opset 20 or later, which has Gelu as one operator",
                )


def _adds_one(scope: Scope, name: str) -> bool:
    return any(
        reader.op_type == "Add" and any(scope.scalar(one) == 1 for one in reader.input)
        for reader in scope.readers(name)
    )
