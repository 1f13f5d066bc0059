"""What the rules look at: the file, and its graphs with every type that can be inferred."""

from dataclasses import dataclass

import onnx

from .scope import HALF, Kind, Scope, kind_of, scopes_of
from .source import Source

_LEAN_BYTES = 4096
"""Inference reads weights that are shapes or axes; larger ones are none."""

_FAILURES = (
    onnx.checker.ValidationError,
    onnx.shape_inference.InferenceError,
    ValueError,
    RuntimeError,
)
"""What onnx raises for a graph it refuses (also UnicodeDecodeError, which is a ValueError)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A file taken apart."""

    source: Source
    """The file."""

    scopes: tuple[Scope, ...]
    """Its graphs, the main one first, typed by declaration and inference."""

    computed: dict[str, Kind] | None
    """Types of the main graph that follow from inputs and operators alone, whatever the file
    declares; None where inference fails."""

    verdict: str | None
    """What onnx's checker says against the file, on one line."""

    refusal: str | None
    """What onnx's strict inference says against the graph, on one line."""

    @property
    def main(self) -> Scope:
        """The main graph."""
        return self.scopes[0]

    @property
    def half(self) -> bool:
        """True if any node writes half: the graph has been converted."""
        made = (
            (scope, name) for scope in self.scopes for one in scope.nodes for name in one.output
        )
        return any(scope.kind(name).dtype == HALF for scope, name in made)


def take_apart(source: Source) -> Subject:
    """Infer types and split into scopes; a graph that onnx refuses keeps its declared types."""
    declared = _lean(source.model)
    computed, refusal = None, None
    try:
        graph = _infer(_undeclared(declared), strict=True).graph
        computed = {one.name: kind_of(one) for one in (*graph.value_info, *graph.output)}
        typed = _infer(declared, strict=True)
    except _FAILURES as error:
        refusal = _one_line(error)
        typed = _infer_leniently(declared)
    return Subject(source, tuple(scopes_of(typed)), computed, _checked(source), refusal)


def _checked(source: Source) -> str | None:
    try:
        onnx.checker.check_model(str(source.path))
    except _FAILURES as error:
        return _one_line(error)
    return None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(". ")


def _infer(model: onnx.ModelProto, *, strict: bool) -> onnx.ModelProto:
    return onnx.shape_inference.infer_shapes(model, strict_mode=strict, data_prop=True)


def _infer_leniently(model: onnx.ModelProto) -> onnx.ModelProto:
    try:
        return _infer(model, strict=False)
    except _FAILURES:
        return model


def _lean(model: onnx.ModelProto) -> onnx.ModelProto:
    """Copy a model without its large weights: inference needs their shapes alone."""
    lean = onnx.ModelProto(ir_version=model.ir_version)
    lean.opset_import.extend(model.opset_import)
    lean.functions.extend(model.functions)
    for field in ("node", "input", "output", "value_info", "sparse_initializer"):
        getattr(lean.graph, field).extend(getattr(model.graph, field))
    lean.graph.name = model.graph.name
    for weight in model.graph.initializer:
        copy = lean.graph.initializer.add()
        if weight.ByteSize() <= _LEAN_BYTES:
            copy.CopyFrom(weight)
        else:
            copy.name, copy.data_type = weight.name, weight.data_type
            copy.dims.extend(weight.dims)
    return lean


def _undeclared(model: onnx.ModelProto) -> onnx.ModelProto:
    """Copy a model without what it says of its own tensors and outputs."""
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    del bare.graph.value_info[:]
    for output in bare.graph.output:
        output.type.tensor_type.ClearField("shape")
    return bare
