"""
The smallest single-entry, single-exit region around some nodes of a graph.

A region is what lies on a way from one tensor to another when nothing enters or leaves it on
another way: the first tensor dominates its nodes, the second post-dominates them. So two casts
separate it from the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import onnx

Vertex = int | str
"""A node's place in the graph's order, or a tensor's name."""

EVERYWHERE = ""
"""Stands before every source and behind every sink."""

_Edges = Mapping[Vertex, Sequence[Vertex]]


@dataclass(frozen=True, slots=True)
class Region:
    """Nodes between two tensors."""

    entry: str
    """The one tensor that they read from outside; `EVERYWHERE` if none is before them all."""

    exit: str
    """The one tensor of theirs that is read outside; `EVERYWHERE` if none is behind them all."""

    nodes: frozenset[int]
    """Their places in the graph's order."""


class Dataflow:
    """Nodes and the tensors between them. Constants are not counted: they need no casts."""

    def __init__(self, nodes: Mapping[int, onnx.NodeProto], sources: Iterable[str]) -> None:
        """
        Find every dominator.

        Args:
            nodes: by their place in a graph, in topological order.
            sources: tensors from outside; any other that no node writes is a constant.

        """
        self._before = _edges_back(nodes, sources)
        self.nodes = {place: node for place, node in nodes.items() if place in self._before}
        self._after: dict[Vertex, list[Vertex]] = {vertex: [] for vertex in self._before}
        for vertex, earlier in self._before.items():
            for one in earlier:
                self._after[one].append(vertex)
        order = list(self._before)
        self._dominators = _Tree(order, self._before)
        self._post_dominators = _Tree(order[::-1], self._after)

    def inputs(self, node: int) -> list[str]:
        """List the tensors that a node reads, without constants."""
        return [name for name in self._before[node] if isinstance(name, str)]

    def consumers(self, tensor: str) -> list[int]:
        """List the nodes that read a tensor."""
        return [node for node in self._after.get(tensor, ()) if isinstance(node, int)]

    def region(self, asked: Iterable[int]) -> Region:
        """
        Grow some nodes to the smallest region that holds them.

        Args:
            asked: places of nodes, at least one; each must depend on a source.

        """
        nodes, grown = frozenset[int](), frozenset(asked)
        while grown != nodes:
            nodes = grown
            entry = self._dominators.tensor_above(nodes)
            exit_ = self._post_dominators.tensor_above(nodes)
            between = self._reach(entry, self._after) & self._reach(exit_, self._before)
            grown = frozenset(one for one in between if isinstance(one, int))
        return Region(entry, exit_, nodes)

    def _reach(self, start: str, edges: _Edges) -> set[Vertex]:
        if start == EVERYWHERE:
            return set(self._before)
        found: set[Vertex] = set()
        waiting: list[Vertex] = [start]
        while waiting:
            vertex = waiting.pop()
            if vertex not in found:
                found.add(vertex)
                waiting += edges[vertex]
        return found


class _Tree:
    """Dominators of a directed graph without cycles: a vertex hangs below its nearest one."""

    def __init__(self, order: Sequence[Vertex], before: _Edges) -> None:
        self._parent: dict[Vertex, Vertex] = {}
        self._depth: dict[Vertex, int] = {EVERYWHERE: 0}
        for vertex in order:
            nearest = reduce(self._common, before[vertex]) if before[vertex] else EVERYWHERE
            self._parent[vertex] = nearest
            self._depth[vertex] = self._depth[nearest] + 1

    def tensor_above(self, vertices: Iterable[Vertex]) -> str:
        """Find the nearest tensor that dominates them all."""
        nearest = reduce(self._common, vertices)
        while isinstance(nearest, int):
            nearest = self._parent[nearest]
        return nearest

    def _common(self, one: Vertex, other: Vertex) -> Vertex:
        while one != other:
            if self._depth[one] >= self._depth[other]:
                one = self._parent[one]
            else:
                other = self._parent[other]
        return one


def _edges_back(
    nodes: Mapping[int, onnx.NodeProto], sources: Iterable[str]
) -> dict[Vertex, list[Vertex]]:
    """List what each vertex reads, in topological order; leave out what constants alone give."""
    before: dict[Vertex, list[Vertex]] = {source: [] for source in sources}
    for place, node in nodes.items():
        read: list[Vertex] = [name for name in dict.fromkeys(node.input) if name in before]
        if read:
            before[place] = read
            before.update({name: [place] for name in node.output if name})
    return before
