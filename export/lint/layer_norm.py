"""Layer normalization written out as mean, sub, pow, mean, add, sqrt, div."""

from collections.abc import Iterator

import onnx

from .finding import Finding
from .scope import HALF, Scope
from .subject import Subject

_STEPS = 8
"""From the mean of squares to the root: eps, copies, a floor, reshapes of `torch.var_mean`."""

_PASSED = ("Add", "Cast", "Clip", "Div", "Expand", "Identity", "Max", "Mul", "Reshape", "Unsqueeze")

_REMEDY = (
    "Export at opset 17 or later with dynamo=True, from nn.LayerNorm (over channels-first: "
    "permute, LayerNorm, permute), so that LayerNormalization stays one operator"
)


def decomposed_layer_norm(subject: Subject) -> Iterator[Finding]:
    """
    Find (x - mean(x)) / sqrt(mean((x - mean(x))**2) + eps), and mean(x**2) - mean(x)**2.

    Over whichever axes, in any order of operands. Half ends at 65504: the square overflows from
    256 on. Known from facebookresearch/ConvNeXt#71 and #80.
    """
    for scope in subject.scopes:
        for node in scope.nodes:
            if node.op_type != "Sub" or len(node.input) != 2 or not node.output:
                continue
            if _is_deviation(scope, node) and _is_squared_and_rooted(scope, node.output[0]):
                yield _finding(scope, node, "mean, sub, square, mean, sqrt, div")
            elif _is_variance(scope, node) and _is_rooted(scope, node.output[0]):
                yield _finding(scope, node, "mean(x²) - mean(x)², which cancels besides")


def _finding(scope: Scope, node: onnx.NodeProto, how: str) -> Finding:
    half = scope.kind(node.output[0]).dtype == HALF
    effect = "overflows" if half else "overflows once the graph is in half"
    return Finding(
        rule="decomposed-layer-norm",
        severity="error" if half else "warning",
        where=scope.name_of(node),
        what=f"a LayerNorm written out ({how}): x² {effect}, from |x - mean| = 256 on",
        remedy=_REMEDY,
    )


def _is_deviation(scope: Scope, node: onnx.NodeProto) -> bool:
    left, right = (scope.origin(name) for name in node.input)
    return left == _averaged(scope, right) or right == _averaged(scope, left)


def _is_squared_and_rooted(scope: Scope, deviation: str) -> bool:
    squares = [name for name in _after_copies(scope, deviation) if _squared(scope, name)]
    means = [
        mean.output[0]
        for square in squares
        for mean in scope.readers(square)
        if mean.output and _averaged(scope, mean.output[0]) == scope.origin(square)
    ]
    sums = [name for square in squares for name in _quotients(scope, square)]
    return any(_is_rooted(scope, name) for name in (*means, *sums))


def _is_variance(scope: Scope, node: onnx.NodeProto) -> bool:
    squared = _averaged(scope, scope.origin(node.input[0]))
    mean = _squared(scope, scope.origin(node.input[1]))
    if squared is None or mean is None:
        return False
    base = _squared(scope, squared)
    return base is not None and base == _averaged(scope, mean)


def _after_copies(scope: Scope, name: str) -> Iterator[str]:
    """Yield what reads a tensor, directly or behind casts."""
    names = [name]
    for _ in range(3):
        readers = [node for one in names for node in scope.readers(one) if node.output]
        yield from (node.output[0] for node in readers)
        names = [node.output[0] for node in readers if node.op_type in ("Cast", "Identity")]


def _quotients(scope: Scope, square: str) -> Iterator[str]:
    """Yield means of a square that are a sum divided by a constant."""
    for total in scope.readers(square):
        if total.op_type == "ReduceSum" and total.output:
            for node in scope.readers(total.output[0]):
                if node.output and _averaged(scope, node.output[0]) == scope.origin(square):
                    yield node.output[0]


def _averaged(scope: Scope, name: str) -> str | None:
    """Say what a tensor is the mean of."""
    node = scope.maker(name)
    if node is None or not node.input:
        return None
    if node.op_type in ("ReduceMean", "GlobalAveragePool"):
        return scope.origin(node.input[0])
    if node.op_type not in ("Div", "Mul") or len(node.input) != 2:
        return None
    for part, other in (node.input, reversed(node.input)):
        total = scope.maker(scope.origin(part))
        if total is not None and total.op_type == "ReduceSum" and scope.is_constant(other):
            return scope.origin(total.input[0]) if total.input else None
    return None


def _squared(scope: Scope, name: str) -> str | None:
    """Say what a tensor is the square of."""
    node = scope.maker(name)
    if node is None or len(node.input) != 2:
        return None
    left, right = (scope.origin(one) for one in node.input)
    if node.op_type == "Mul" and left == right:
        return left
    if node.op_type == "Pow" and scope.scalar(node.input[1]) == 2:
        return left
    return None


def _is_rooted(scope: Scope, variance: str) -> bool:
    """Tell whether a root is taken of a tensor, perhaps after an eps."""
    names = [variance]
    for _ in range(_STEPS):
        readers = [node for name in names for node in scope.readers(name) if node.output]
        for node in readers:
            exponent = scope.scalar(node.input[1]) if len(node.input) == 2 else None
            if node.op_type == "Sqrt" or (node.op_type == "Pow" and exponent in (0.5, -0.5)):
                return True
        names = [node.output[0] for node in readers if node.op_type in _PASSED]
    return False
