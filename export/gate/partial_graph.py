"""
Run any part of a graph: from tensors that are given to tensors that are wanted.

Looking into a graph by exposing all its tensors holds them all in memory. Here a graph is cut
into pieces, each a small graph with its own weights only, so a walk over the whole costs one
run of it and the memory of a few tensors.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper
from onnxruntime.capi import onnxruntime_pybind11_state as state

from ...runtime.errors import ArtifactError
from ...runtime.onnxruntime_session import session_options

Tensor = NDArray[np.generic]
Tensors = dict[str, Tensor]


class PartialGraph:
    """A graph of which any part can be run, node by node as the file says."""

    def __init__(self, model: onnx.ModelProto) -> None:
        """
        Index a graph; it is read, not copied.

        Args:
            model: nodes in topological order, no external weights.

        """
        self.nodes: list[onnx.NodeProto] = list(model.graph.node)
        self.input = model.graph.input[0]
        self.output: str = model.graph.output[0].name
        self._model = model
        self._weights = {weight.name: weight for weight in model.graph.initializer}
        self._writer = {name: row for row, node in enumerate(self.nodes) for name in node.output}

    def equals(self, other: "PartialGraph") -> bool:
        """Whether nodes and weights are the same, to the last bit."""
        return bool(self._model.graph == other._model.graph)

    def writes(self, tensor: str) -> bool:
        """Whether a node of this graph writes `tensor`."""
        return tensor in self._writer

    def reads(self, node: onnx.NodeProto) -> list[str]:
        """Name the tensors that a node reads, its weights left out."""
        return [name for name in node.input if name and name not in self._weights]

    def run(self, given: Mapping[str, Tensor], wanted: Sequence[str]) -> Tensors:
        """
        Run what lies between the given tensors and the wanted ones.

        Raises:
            ArtifactError: the given tensors do not suffice, or have shapes or types that the
                nodes refuse.

        """
        return self._run(self._between(given, wanted), given, list(wanted))

    def walk(
        self, given: Mapping[str, Tensor], groups: Sequence[Sequence[str]]
    ) -> Iterator[Tensors]:
        """
        Run the whole graph piece by piece; hold only what is still needed.

        Args:
            given: the graph's input.
            groups: names of tensors; all of them are written by nodes of this graph.

        Yields:
            The tensors of one group.

        Raises:
            ArtifactError: as `run`.

        """
        live, left = dict(given), set(range(len(self.nodes)))
        for index, group in enumerate(groups):
            piece = self._between(live, group)
            left.difference_update(piece)
            later = {name for row in left for name in self.nodes[row].input}
            later.update(*groups[index + 1 :])
            written = {name for row in piece for name in self.nodes[row].output}
            live |= self._run(piece, live, sorted(written & later.union(group)))
            yield {name: live[name] for name in group}
            live = {name: tensor for name, tensor in live.items() if name in later}

    def _between(self, given: Iterable[str], wanted: Iterable[str]) -> list[int]:
        known = {*given, *self._weights, ""}
        rows: set[int] = set()
        waiting = [name for name in wanted if name not in known]
        while waiting:
            name = waiting.pop()
            if name not in self._writer:
                raise ArtifactError(f"no node of the graph writes {name}, and it is not given")
            if self._writer[name] not in rows:
                rows.add(self._writer[name])
                inputs = self.nodes[self._writer[name]].input
                waiting += [one for one in inputs if one not in known]
        return sorted(rows)

    def _run(self, rows: list[int], given: Mapping[str, Tensor], wanted: list[str]) -> Tensors:
        found = {name: given[name] for name in wanted if name in given}
        asked = [name for name in wanted if name not in given]
        if not asked:
            return found
        piece, read = self._piece(rows, given, asked)
        options = session_options()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        try:
            session = onnxruntime.InferenceSession(
                piece.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
            values = session.run(asked, {name: given[name] for name in read})
        except _REFUSALS as error:
            first_line = str(error).strip().splitlines()[0]
            raise ArtifactError(f"ONNX Runtime cannot run {asked[-1]}: {first_line}") from error
        return found | dict(zip(asked, values, strict=True))

    def _piece(
        self, rows: list[int], given: Mapping[str, Tensor], wanted: list[str]
    ) -> tuple[onnx.ModelProto, list[str]]:
        nodes = [self.nodes[row] for row in rows]
        read = dict.fromkeys(name for node in nodes for name in node.input)
        weights = [self._weights[name] for name in read if name in self._weights]
        inputs = [name for name in read if name in given]
        typed = [
            helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(given[name].dtype), [None] * given[name].ndim
            )
            for name in inputs
        ]
        outputs = [onnx.ValueInfoProto(name=name) for name in wanted]
        graph = helper.make_graph(nodes, "piece", typed, outputs, weights)
        model = helper.make_model(
            graph, opset_imports=self._model.opset_import, ir_version=self._model.ir_version
        )
        return model, inputs


_REFUSALS = (
    state.Fail,
    state.InvalidArgument,
    state.InvalidGraph,
    state.NotImplemented,
    state.RuntimeException,
)
