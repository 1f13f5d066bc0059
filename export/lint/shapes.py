"""Shapes that do not fit the operators, and declarations that do not fit the shapes."""

from collections.abc import Iterator

import onnx

from .finding import Finding
from .scope import Kind, dtype_name, kind_of, shape_text
from .subject import Subject


def shape_inference(subject: Subject) -> Iterator[Finding]:
    """Report what strict inference refuses: operators whose inputs do not fit."""
    refusal = subject.verdicts.inference
    if refusal in (None, subject.verdicts.checker) or list(shape_lies(subject)):
        return
    yield Finding(
        rule="shape-inference",
        severity="error",
        where="file",
        what=f"shapes or types do not fit: {refusal}",
        remedy="The node named there gets inputs that it cannot take; an input or a weight may "
        "lie about its shape. Export it again",
    )


def shape_lies(subject: Subject) -> Iterator[Finding]:
    """Compare what the file declares of tensors and outputs with what operators give."""
    graph = subject.source.model.graph
    if subject.computed is None:
        return
    for value in (*graph.value_info, *graph.output):
        declared, computed = kind_of(value), subject.computed.get(value.name)
        if computed is not None and (lie := _lie(declared, computed)):
            yield _finding(graph, value.name, lie)


def _lie(declared: Kind, computed: Kind) -> str | None:
    if 0 not in (declared.dtype, computed.dtype) and declared.dtype != computed.dtype:
        names = [dtype_name(one.dtype) for one in (declared, computed)]
        return f"declared {names[0]}, but its operator gives {names[1]}"
    if declared.shape is None or computed.shape is None:
        return None
    pairs = list(zip(declared.shape, computed.shape, strict=False))
    numbers = [pair for pair in pairs if isinstance(pair[0], int) and isinstance(pair[1], int)]
    if len(declared.shape) != len(computed.shape) or any(a != b for a, b in numbers):
        told = [shape_text(shape) for shape in (declared.shape, computed.shape)]
        return f"declared {told[0]}, but its operators give {told[1]}"
    return None


def _finding(graph: onnx.GraphProto, name: str, lie: str) -> Finding:
    is_output = any(output.name == name for output in graph.output)
    return Finding(
        rule="shape-lies",
        severity="error",
        where=f"{'output' if is_output else 'tensor'} {name}",
        what=lie,
        remedy="Correct the declaration, or strip it: onnx.shape_inference.infer_shapes makes it "
        "anew",
    )
