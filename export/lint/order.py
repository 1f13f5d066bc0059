"""Nodes in the order in which they can be computed."""

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush

import onnx


def in_order(nodes: Sequence[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """
    Sort nodes so that each comes after those it reads from.

    A file must be in such an order, but converters to half leave theirs otherwise; inference would
    then see nothing. Sorted nodes stay as they are. Nodes that go in circles come last.
    """
    makers = {name: index for index, node in enumerate(nodes) for name in node.output if name}
    needs = [{makers[name] for name in _read(node) if name in makers} for node in nodes]
    readers: dict[int, list[int]] = {}
    for index, needed in enumerate(needs):
        for maker in needed:
            readers.setdefault(maker, []).append(index)
    waiting = [len(needed) for needed in needs]
    ready = [index for index, count in enumerate(waiting) if count == 0]
    heapify(ready)
    order: list[int] = []
    while ready:
        index = heappop(ready)
        order.append(index)
        for reader in readers.get(index, ()):
            waiting[reader] -= 1
            if waiting[reader] == 0:
                heappush(ready, reader)
    circular = sorted(set(range(len(nodes))).difference(order))
    return [nodes[index] for index in (*order, *circular)]


def _read(node: onnx.NodeProto) -> Iterator[str]:
    """Yield what a node reads, its bodies included."""
    yield from node.input
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            for inner in graph.node:
                yield from _read(inner)
