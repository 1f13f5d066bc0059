"""The arithmetic of one node, against loops that multiply and count."""

from itertools import product

import pytest

pytest.importorskip("onnx", reason="nodes are written with onnx: clnet[export]")

from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from clnet.benchmarks.flops.node_macs import macs_of
from clnet.runtime.errors import ArtifactError

_SIZE = st.integers(1, 4)


@given(rows=_SIZE, inner=_SIZE, columns=_SIZE, heads=_SIZE)
def test_a_matrix_product_multiplies_once_for_each_step_of_its_loops(
    rows: int, inner: int, columns: int, heads: int
) -> None:
    node = helper.make_node("MatMul", ["a", "b"], ["c"])
    shapes = {"a": (heads, rows, inner), "b": (inner, columns), "c": (heads, rows, columns)}

    loops = product(range(heads), range(rows), range(inner), range(columns))
    assert macs_of(node, shapes) == sum(1 for _ in loops)


@given(rows=_SIZE, inner=_SIZE, columns=_SIZE)
def test_a_turned_gemm_counts_as_the_straight_one(rows: int, inner: int, columns: int) -> None:
    straight = helper.make_node("Gemm", ["a", "b"], ["c"])
    turned = helper.make_node("Gemm", ["t", "b"], ["c"], transA=1)
    shapes = {"a": (rows, inner), "t": (inner, rows), "b": (inner, columns), "c": (rows, columns)}

    assert macs_of(turned, shapes) == macs_of(straight, shapes) == rows * inner * columns


def test_a_group_of_a_convolution_reads_its_own_channels_alone() -> None:
    node = helper.make_node("Conv", ["x", "w"], ["y"], group=4)
    shapes = {"x": (1, 8, 6, 5), "w": (12, 2, 3, 3), "y": (1, 12, 4, 3)}

    assert macs_of(node, shapes) == 12 * 4 * 3 * (2 * 3 * 3)


def test_a_transposed_convolution_multiplies_every_input_by_its_kernel() -> None:
    node = helper.make_node("ConvTranspose", ["x", "w"], ["y"])
    shapes = {"x": (1, 8, 6, 5), "w": (8, 3, 2, 2), "y": (1, 3, 12, 10)}

    assert macs_of(node, shapes) == 8 * 6 * 5 * (3 * 2 * 2)


def test_elementwise_work_is_no_product() -> None:
    assert macs_of(helper.make_node("Add", ["a", "b"], ["c"]), {"c": (1, 3)}) == 0


@pytest.mark.parametrize(("operator", "domain"), [("Einsum", ""), ("FusedConv", "com.microsoft")])
def test_a_product_that_nobody_counts_is_refused_by_name(operator: str, domain: str) -> None:
    node = helper.make_node(operator, ["a", "b"], ["c"], name="mix", domain=domain)

    with pytest.raises(ArtifactError, match=rf"node mix: cannot count .*{operator}"):
        macs_of(node, {"c": (1, 3)})
