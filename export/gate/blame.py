"""
Which nodes are at fault when a graph fails its gate.

Three witnesses: weights that are not the checkpoint's, the first tensor beyond its limit, and a
bisection. That runs the first n nodes as exported and the others as trusted: with n = 0
the embeddings pass, with all nodes they fail, and O(log n) runs find the node that decides.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray

from ...runtime.errors import ArtifactError
from .node_blame import NodeBlame
from .partial_graph import PartialGraph, Tensors
from .tensor_parity import TensorError

MAX_BLAMED = 8
"""Nodes that a report blames in one graph; behind so many stands one cause."""

Passes = Callable[[NDArray[np.float32]], bool]
Pair = tuple[Tensors, Tensors]


class Accuser:
    """Blames nodes of one graph, with the errors of its tensors as evidence."""

    def __init__(
        self,
        name: str,
        trusted: PartialGraph,
        exported: PartialGraph,
        errors: Sequence[TensorError],
    ) -> None:
        """
        Take the evidence.

        Args:
            name: the graph's file, relative to the bundle.
            trusted: what is right.
            exported: the graph that failed.
            errors: of `tensor_errors`.

        """
        self._name, self._trusted, self._exported = name, trusted, exported
        self._trusted_nodes = {node.name: node for node in trusted.nodes}
        self._errors = {one.tensor: one.relative_error for one in errors}

    def readers_of(self, weights: Sequence[str]) -> list[NodeBlame]:
        """Blame the nodes that read changed weights."""
        found = []
        for node in self._exported.nodes:
            changed = [name for name in node.input if name in weights]
            if changed:
                reason = f"its weight {changed[0]} is not the checkpoint's"
                found.append(self._blame(node, reason))
        return found

    def first_beyond(self, limit: float) -> list[NodeBlame]:
        """Blame the first node whose error passes a limit that its inputs keep to."""
        for node in self._trusted.nodes:
            if self._largest(node.output) > limit >= self._largest(self._trusted.reads(node)):
                found = self._largest(node.output)
                beyond = f"has a relative error of {found:.1e} > {limit}"
                reason = beyond if math.isfinite(found) else "holds an infinity or NaN"
                return [self._blame(node, f"what it writes {reason}, what it reads is good")]
        return []

    def decisive(self, given: Pair, passes: Passes) -> list[NodeBlame]:
        """
        Blame the node that decides whether the embeddings pass.

        Args:
            given: the input of the trusted and of the exported graph.
            passes: what the gate says to [B, D] float32 embeddings.

        Returns:
            One node, or none: the whole graph passes on these images.

        """
        cuts = [row for row in range(len(self._trusted.nodes)) if self._shared(self._border(row))]

        def fails(cut: int) -> bool:
            embeddings = self._exported_up_to(cut, given)
            return embeddings is None or not passes(embeddings)

        if not cuts or not fails(cuts[-1]):
            return []
        first = bisect_left(cuts, True, key=fails)
        reason = "run as exported up to it, the network fails; up to the node before, it passes"
        return [self._blame(self._trusted.nodes[cuts[first]], reason)]

    def _border(self, row: int) -> list[str]:
        """Name what nodes after `row` read of the nodes up to it."""
        nodes = self._trusted.nodes
        written = {name for node in nodes[: row + 1] for name in node.output}
        read = {name for node in nodes[row + 1 :] for name in node.input}
        return sorted(written & (read | {self._trusted.output}))

    def _shared(self, names: Sequence[str]) -> bool:
        return all(self._exported.writes(name) for name in names)

    def _exported_up_to(self, row: int, given: Pair) -> NDArray[np.float32] | None:
        """Embed; None if the trusted nodes cannot read what the exported ones wrote."""
        output = self._trusted.output
        try:
            border = self._exported.run(given[1], self._border(row))
            embeddings = self._trusted.run({**given[0], **border}, [output])[output]
        except ArtifactError:
            return None
        return embeddings.astype(np.float32)

    def _largest(self, names: Iterable[str]) -> float:
        return max((self._errors.get(name, 0.0) for name in names), default=0.0)

    def _blame(self, node: onnx.NodeProto, reason: str) -> NodeBlame:
        known = self._trusted_nodes.get(node.name, node)
        compared = any(name in self._errors for name in known.output)
        return NodeBlame(
            graph=self._name,
            node=node.name,
            op_type=node.op_type,
            error_in=self._largest(self._trusted.reads(known)),
            error_out=self._largest(known.output) if compared else None,
            sentence=f"{self._name}: {node.name} ({node.op_type}): {reason}",
        )
