"""A graph's weights and tensors beside those of a trusted graph, and the nodes to blame."""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from ...runtime.embeddings import check_unit
from ...runtime.errors import EmbeddingError
from ...runtime.preprocess import VIEWS, View
from ..half_simulation import MOVES_ONLY
from .blame import MAX_BLAMED, Accuser, Passes
from .gated_graph import GatedGraph
from .node_blame import NodeBlame
from .parity import compare
from .partial_graph import PartialGraph
from .tensor_parity import TENSOR_LIMITS, TensorParity, summarise, tensor_errors
from .trusted_graphs import TrustedGraphs
from .weights_parity import FOLDED, changed_weights


class Inspection:
    """Looks into one graph, on a few images."""

    def __init__(
        self,
        graph: GatedGraph,
        trusted: TrustedGraphs,
        full: onnx.ModelProto,
        images: tuple[Path, ...],
    ) -> None:
        """
        Compare weights and tensors.

        Args:
            graph: the graph under test.
            trusted: what is right.
            full: the bundle's FP32 graph of this branch: half weights are its weights, rounded.
            images: files to run both graphs on.

        """
        self._graph, self._source = graph, trusted
        self._exported = PartialGraph(graph.runnable)
        self._trusted = PartialGraph(trusted.graphs[graph.view])
        self._given = (graph.feed(self._trusted, images), graph.feed(self._exported, images))
        self._errors = tensor_errors(self._trusted, self._exported, self._given)
        tensors = sum(len(node.output) for node in self._trusted.nodes)
        self.tensors: TensorParity = summarise(
            graph.view, graph.precision, len(images), self._errors, tensors, MOVES_ONLY
        )
        self._changed = self._changed_weights(full)

    @property
    def foreign(self) -> bool:
        """Whether most tensors have names that the trusted graph does not know."""
        return 2 * self.tensors.compared < self.tensors.of

    def faults(self) -> list[str]:
        """Say which weights and tensors pass their limits."""
        half = self._graph.precision == "fp16"
        origin = "the rounded fp32 weight" if half else f"that of {self._source.origin}"
        where = f"{self._graph.view} {self._graph.precision}"
        changed = [f"weights: {where}: {name} is not {origin}" for name in self._changed]
        return changed + self.tensors.faults()

    def blame(self) -> tuple[tuple[NodeBlame, ...], str]:
        """
        Name the nodes at fault of a graph that failed.

        Returns:
            The nodes, and where there are none a sentence that says why and where to look.

        """
        name, origin = self._graph.name, self._source.origin
        if self.foreign:
            return (), f"{name}: its tensors have other names than {origin}: no node is compared"
        if self._is_of_the_other_branch():
            return (), f"{name} is the other view's graph: the branches are swapped"
        accuser = Accuser(name, self._trusted, self._exported, self._errors)
        found = [
            *accuser.readers_of(self._changed),
            *accuser.first_beyond(TENSOR_LIMITS[self._graph.precision]),
            *accuser.decisive(self._given, self._passes()),
        ]
        if not found:
            return (), (
                f"{name}: every node agrees with {origin}: look at preprocess.json, at the "
                "images, or at whether it is this branch's"
            )
        return tuple({one.node: one for one in reversed(found)}.values())[::-1][:MAX_BLAMED], ""

    def _changed_weights(self, full: onnx.ModelProto) -> list[str]:
        fresh = self._source.graphs[self._graph.view]
        if self._graph.precision == "fp16":
            return changed_weights(self._graph.model, (full, fresh))
        if self.foreign:
            return []
        known = {weight.name for weight in fresh.graph.initializer}
        changed = changed_weights(self._graph.model, (fresh,), FOLDED)
        return [name for name in changed if name in known]  # of others, the tensors speak

    def _is_of_the_other_branch(self) -> bool:
        def differs_from(view: View) -> bool:
            return bool(changed_weights(self._graph.model, (self._source.graphs[view],), FOLDED))

        (other,) = (view for view in VIEWS if view != self._graph.view)
        return differs_from(self._graph.view) and not differs_from(other)

    def _passes(self) -> Passes:
        output = self._trusted.output
        right = self._trusted.run(self._given[0], [output])[output].astype(np.float32)

        def passes(found: NDArray[np.float32]) -> bool:
            try:
                check_unit("embeddings", found)
            except EmbeddingError:
                return False
            return not compare(self._graph.view, self._graph.precision, right, found).faults()

        return passes
