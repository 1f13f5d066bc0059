"""A graph as the rules see it: who makes a tensor, who reads it, what is constant, which type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

Dim = int | str | None

HALF, FLOAT, BFLOAT16 = TensorProto.FLOAT16, TensorProto.FLOAT, TensorProto.BFLOAT16
FLOATING = (HALF, FLOAT, BFLOAT16, TensorProto.DOUBLE)

_FAR = 8
"""Copies (Identity, Cast) that are followed to a constant; a malformed graph may go in circles."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Type of a tensor."""

    dtype: int
    """TensorProto's number; 0 if unknown."""

    shape: tuple[Dim, ...] | None
    """A name for a dynamic axis, None for one without a name; None in all if the rank is open."""


UNKNOWN = Kind(0, None)

_SHORT = {
    "value_float": ("f", np.float32),
    "value_floats": ("floats", np.float32),
    "value_int": ("i", np.int64),
    "value_ints": ("ints", np.int64),
}
"""Other ways to write a Constant: where its numbers are, and their type."""


class Scope:
    """The main graph, one body of an If, Loop or Scan, or a local function."""

    def __init__(
        self,
        nodes: Sequence[onnx.NodeProto],
        *,
        graph: onnx.GraphProto | None = None,
        place: str = "",
        parent: "Scope | None" = None,
    ) -> None:
        self.nodes = nodes
        self.graph = graph
        """None for a local function."""
        self.place = place
        """Empty for the main graph, else how to find this one."""
        self._parent = parent
        weights = graph.initializer if graph else ()
        self._weights: dict[str, onnx.TensorProto] = {one.name: one for one in weights}
        self._kinds = _kinds(graph) if graph else {}
        self._makers: dict[str, onnx.NodeProto] = {}
        self._readers: dict[str, list[onnx.NodeProto]] = {}
        for node in nodes:
            self._makers.update((name, node) for name in node.output if name)
            for name in dict.fromkeys(node.input):
                self._readers.setdefault(name, []).append(node)

    def maker(self, name: str) -> onnx.NodeProto | None:
        """Find the node of this scope that writes a tensor."""
        return self._makers.get(name)

    def readers(self, name: str) -> list[onnx.NodeProto]:
        """List the nodes of this scope that read a tensor."""
        return self._readers.get(name, [])

    def kind(self, name: str) -> Kind:
        """Look up a tensor's type, in the enclosing graphs, too."""
        found = self._kinds.get(name)
        if found is None and self._parent is not None:
            return self._parent.kind(name)
        return found or UNKNOWN

    def origin(self, name: str) -> str:
        """Follow a tensor back through copies: Identity and Cast."""
        for _ in range(_FAR):
            node = self.maker(name)
            if node is None or node.op_type not in ("Identity", "Cast") or not node.input:
                break
            name = node.input[0]
        return name

    def is_constant(self, name: str) -> bool:
        """Tell whether a tensor is a weight or a Constant, or a copy of one."""
        return self._tensor(name) is not None

    def constant(self, name: str) -> NDArray[np.generic] | None:
        """Read a weight or Constant through copies; None if it is none, or lies about its size."""
        tensor = self._tensor(name)
        return None if tensor is None else decode(tensor)

    def scalar(self, name: str) -> float | None:
        """Read a constant of one real number, as it is stored; NaN and infinity are none."""
        values = self.constant(name)
        if values is None or values.size != 1 or values.dtype.kind not in "fiu":
            return None
        value = float(values.reshape(())[()])
        return value if np.isfinite(value) else None

    def name_of(self, node: onnx.NodeProto) -> str:
        """Say which node it is, for people."""
        made = next((name for name in node.output if name), "nothing")
        return f"{self.place}node {node.name or f'that makes {made}'} ({node.op_type})"

    def _tensor(self, name: str) -> onnx.TensorProto | None:
        name = self.origin(name)
        if name in self._weights:
            return self._weights[name]
        node = self.maker(name)
        if node is None:
            return self._parent._tensor(name) if self._parent is not None else None
        if node.op_type != "Constant":
            return None
        return _constant_of(node)


def scopes_of(model: onnx.ModelProto) -> list[Scope]:
    """Take a model apart: its main graph first."""
    main = Scope(model.graph.node, graph=model.graph)
    functions = [
        Scope(one.node, place=f"function {one.domain}::{one.name}, ") for one in model.functions
    ]
    return [inner for scope in (main, *functions) for inner in (scope, *_bodies(scope))]


def graphs_of(model: onnx.ModelProto) -> Iterator[onnx.GraphProto]:
    """Yield the main graph and every body; protocol buffers bound how deep they nest."""
    waiting = [model.graph]
    waiting += [graph for one in model.functions for node in one.node for graph in _graphs(node)]
    while waiting:
        graph = waiting.pop()
        yield graph
        waiting += [inner for node in graph.node for inner in _graphs(node)]


def nodes_of(model: onnx.ModelProto) -> Iterator[onnx.NodeProto]:
    """Yield every node, wherever it stands."""
    for graph in graphs_of(model):
        yield from graph.node
    for function in model.functions:
        yield from function.node


def dtype_name(dtype: int) -> str:
    """Name a type; a foreign file may hold any number."""
    return next((name for name, number in TensorProto.DataType.items() if number == dtype), "?")


def shape_text(shape: tuple[Dim, ...]) -> str:
    """Write a shape: [batch, 3, ?]."""
    return f"[{', '.join('?' if length is None else str(length) for length in shape)}]"


def decode(tensor: onnx.TensorProto) -> NDArray[np.generic] | None:
    """Read a tensor; None if its type, shape and data do not fit together."""
    if tensor.data_location == TensorProto.EXTERNAL:
        return None
    try:
        return numpy_helper.to_array(tensor)
    except (ValueError, TypeError, KeyError, NotImplementedError):
        return None


def _bodies(scope: Scope) -> list[Scope]:
    found = []
    for node in scope.nodes:
        for attribute in node.attribute:
            for graph in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
                place = f"{scope.name_of(node)}, {attribute.name}: "
                body = Scope(graph.node, graph=graph, place=place, parent=scope)
                found += [body, *_bodies(body)]
    return found


def _graphs(node: onnx.NodeProto) -> list[onnx.GraphProto]:
    single = [one.g for one in node.attribute if one.HasField("g")]
    return single + [graph for one in node.attribute for graph in one.graphs]


def _constant_of(node: onnx.NodeProto) -> onnx.TensorProto | None:
    for attribute in node.attribute:
        if attribute.name == "value" and attribute.HasField("t"):
            tensor: onnx.TensorProto = attribute.t
            return tensor
        if attribute.name in _SHORT:
            field, dtype = _SHORT[attribute.name]
            return numpy_helper.from_array(np.array(getattr(attribute, field), dtype))
    return None


def _kinds(graph: onnx.GraphProto) -> dict[str, Kind]:
    kinds = {one.name: Kind(one.data_type, tuple(one.dims)) for one in graph.initializer}
    for value in (*graph.input, *graph.value_info, *graph.output):
        kinds[value.name] = kind_of(value)
    return kinds


def kind_of(value: onnx.ValueInfoProto) -> Kind:
    """Read a declared type."""
    declared = value.type.tensor_type
    if not declared.HasField("shape"):
        return Kind(declared.elem_type, None)
    return Kind(declared.elem_type, tuple(_dim(dim) for dim in declared.shape.dim))


def _dim(dim: onnx.TensorShapeProto.Dimension) -> Dim:
    if dim.HasField("dim_value"):
        return dim.dim_value
    return dim.dim_param or None
