"""Regions on random graphs, held to their definition and to a search of every set of nodes."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

onnx: Any = pytest.importorskip("onnx", reason="graphs are made of onnx nodes: clnet[export]")

from clnet.export.regions import Dataflow

Nodes = dict[int, Any]


@st.composite
def graphs(draw: st.DrawFn, most: int = 8) -> Nodes:
    """Nodes from the tensor "in" to "out", in order; each reads one to three earlier tensors."""
    tensors, nodes = ["in"], {}
    for place in range(draw(st.integers(1, most))):
        read = draw(st.lists(st.sampled_from(tensors[-4:]), min_size=1, max_size=3))
        nodes[place] = onnx.helper.make_node("Sum", [*read, "constant"], [f"t{place}"])
        tensors.append(f"t{place}")
    used = {name for node in nodes.values() for name in node.input}
    loose = [name for name in tensors if name not in used]
    nodes[len(nodes)] = onnx.helper.make_node("Sum", loose, ["out"])
    return nodes


@st.composite
def questions(draw: st.DrawFn) -> tuple[Nodes, frozenset[int]]:
    nodes = draw(graphs())
    asked = st.frozensets(st.sampled_from(sorted(nodes)), min_size=1, max_size=3)
    return nodes, draw(asked)


def borders(nodes: Nodes, region: frozenset[int]) -> tuple[set[str], set[str]]:
    """What a region reads from outside, and what of it is read outside."""
    written = {name for place in region for name in nodes[place].output}
    read = {name for place in region for name in nodes[place].input} - {"constant"}
    outside = {name for place in set(nodes) - region for name in nodes[place].input} | {"out"}
    return read - written, written & outside


@given(questions())
def test_a_region_holds_the_asked_nodes_and_has_one_entry_and_one_exit(
    question: tuple[Nodes, frozenset[int]],
) -> None:
    nodes, asked = question
    region = Dataflow(nodes, ["in"]).region(asked)

    assert asked <= region.nodes
    assert borders(nodes, region.nodes) == ({region.entry}, {region.exit})


@given(questions())
def test_no_smaller_set_of_nodes_would_do(question: tuple[Nodes, frozenset[int]]) -> None:
    nodes, asked = question
    region = Dataflow(nodes, ["in"]).region(asked).nodes

    smaller = (
        frozenset(some)
        for size in range(len(asked), len(region))
        for some in combinations(nodes, size)
        if asked <= set(some)
    )
    assert not [some for some in smaller if all(len(b) == 1 for b in borders(nodes, some))]


def test_what_constants_alone_give_belongs_to_no_flow() -> None:
    make = onnx.helper.make_node
    nodes = {0: make("Neg", ["constant"], ["c"]), 1: make("Add", ["in", "c"], ["out"])}
    flow = Dataflow(nodes, ["in"])

    assert list(flow.nodes) == [1]
    assert flow.inputs(1) == ["in"]


def test_without_a_tensor_before_them_all_a_region_reaches_to_every_source() -> None:
    make = onnx.helper.make_node
    nodes = {0: make("Neg", ["a"], ["c"]), 1: make("Add", ["c", "b"], ["out"])}
    region = Dataflow(nodes, ["a", "b"]).region({0, 1})

    assert region.entry == ""
    assert region.nodes == {0, 1}
