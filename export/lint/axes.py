"""Axes whose length is known only when the graph runs."""

from collections.abc import Iterator

from .finding import Finding, Severity
from .scope import Scope, shape_text
from .subject import Subject

_FIX = "Export with a fixed height and width; only the batch, axis 0, may vary"


def dynamic_axes(subject: Subject) -> Iterator[Finding]:
    """
    Find dynamic axes of inputs and outputs besides the batch.

    A matcher has two more by design, which are advice: rows of a gallery (axis 0 of another
    input, under another name) and K, the length that a TopK is told when it runs.
    """
    scope = subject.main
    inputs, outputs = _ends(scope)
    batch = next((shape[0] for name in inputs if (shape := scope.kind(name).shape)), None)
    for name in inputs:
        yield from _of_input(scope, name, batch)
    for name in outputs:
        yield from _of_output(scope, name)


def fixed_batch(subject: Subject) -> Iterator[Finding]:
    """Find outputs whose batch is a number although the input's may vary."""
    inputs, outputs = _ends(subject.main)
    shapes = [subject.main.kind(name).shape for name in inputs]
    if not shapes or not shapes[0] or isinstance(shapes[0][0], int) or subject.computed is None:
        return
    for name in outputs:
        kind = subject.computed.get(name)
        if kind is not None and kind.shape and isinstance(kind.shape[0], int) and len(shapes) == 1:
            yield Finding(
                rule="fixed-batch",
                severity="warning",
                where=f"output {name}",
                what=f"the input's batch may vary, but this comes out as {shape_text(kind.shape)}",
                remedy="A batch was burnt in while tracing, mostly by a reshape to a number: use "
                "flatten(1), or trace with a dynamic batch of 2 or more",
            )


def _of_input(scope: Scope, name: str, batch: int | str | None) -> Iterator[Finding]:
    shape = scope.kind(name).shape
    if shape is None:
        yield _finding(f"input {name}", "its rank is open", "warning", _FIX)
        return
    if any(not isinstance(length, int) for length in shape[1:]):
        what = f"an axis besides the batch is dynamic: {shape_text(shape)}; clnet-build refuses it"
        yield _finding(f"input {name}", what, "warning", _FIX)
    if shape and not isinstance(shape[0], int) and shape[0] != batch:
        what = f"a second dynamic length beside the batch: {shape_text(shape)}"
        remedy = "An engine needs a range for it, too; make it a number if it is not meant to vary"
        yield _finding(f"input {name}", what, "advice", remedy)


def _of_output(scope: Scope, name: str) -> Iterator[Finding]:
    shape = scope.kind(name).shape
    if shape is None or all(isinstance(length, int) for length in shape[1:]):
        return
    node = scope.maker(scope.origin(name))
    if node is not None and node.op_type == "TopK" and not scope.is_constant(node.input[-1]):
        what = f"its length is the K that the caller gives: {shape_text(shape)}"
        remedy = "TensorRT takes a K of up to 3840; make it a constant if it never changes"
        yield _finding(f"output {name}", what, "advice", remedy)
    else:
        what = f"an axis besides the batch is dynamic: {shape_text(shape)}"
        yield _finding(f"output {name}", what, "warning", _FIX)


def _ends(scope: Scope) -> tuple[list[str], list[str]]:
    """List what the caller gives and gets; old files name their weights among the inputs."""
    assert scope.graph is not None
    weights = {weight.name for weight in scope.graph.initializer}
    inputs = [one.name for one in scope.graph.input if one.name not in weights]
    return inputs, [one.name for one in scope.graph.output]


def _finding(where: str, what: str, severity: Severity, remedy: str) -> Finding:
    return Finding(rule="dynamic-axis", severity=severity, where=where, what=what, remedy=remedy)
