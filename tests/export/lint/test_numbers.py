"""Numbers that half does not hold: eps, weights, casts."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from onnx import helper, numpy_helper

Lint = Callable[..., dict[str, list[Any]]]


def l2(kind: str, guard: str, eps: float) -> str:
    return f"""g ({kind}[2, 8] x) => ({kind}[2, 8] y)
    <int64[1] last = {{-1}}, {kind} eps = {{{eps}}}>
    {{ s = Mul(x, x)  t = ReduceSum(s, last)  r = Sqrt(t)  e = {guard}  y = Div(x, e) }}"""


@pytest.mark.parametrize("guard", ["Add(r, eps)", "Add(eps, r)", "Max(r, eps)", "Clip(r, eps)"])
def test_a_small_eps_on_half_tensors_is_an_error(lint: Lint, guard: str) -> None:
    found = lint(l2("float16", guard, 6e-8))["eps-dies-in-half"]

    assert [finding.severity for finding in found] == ["error"]
    assert "node that makes e" in found[0].where
    assert "FP32" in found[0].remedy


@pytest.mark.parametrize("guard", ["Add(r, eps)", "Max(r, eps)", "Clip(r, eps)"])
def test_an_eps_that_has_become_zero_in_half_is_an_error(lint: Lint, guard: str) -> None:
    assert lint(l2("float16", guard, 0.0))["eps-dies-in-half"][0].severity == "error"


@pytest.mark.parametrize("guard", ["Add(r, eps)", "Max(r, eps)", "Clip(r, eps)"])
def test_in_a_float_graph_it_is_advice_for_the_day_of_conversion(lint: Lint, guard: str) -> None:
    found = lint(l2("float", guard, 1e-12))["eps-dies-in-half"]

    assert [finding.severity for finding in found] == ["advice"]


def test_an_eps_that_half_holds_is_left_alone(lint: Lint) -> None:
    assert "eps-dies-in-half" not in lint(l2("float16", "Add(r, eps)", 1e-4))
    assert "eps-dies-in-half" not in lint(l2("float", "Add(r, eps)", 1e-4))


def test_a_relu_written_as_a_floor_of_zero_is_no_eps(lint: Lint) -> None:
    text = """g (float16[2] x) => (float16[2] y) <float16 zero = {0}> { y = Clip(x, zero) }"""

    assert "eps-dies-in-half" not in lint(text)


def test_an_fp32_island_of_a_half_graph_may_have_its_eps(lint: Lint) -> None:
    text = """g (float16[2, 8] x) => (float[2, 8] y) <int64[1] last = {-1}, float eps = {1e-12}>
    { h = Relu(x)  f = Cast<to = 1>(h)  s = Mul(f, f)  t = ReduceSum(s, last)
      e = Add(t, eps)  r = Sqrt(e)  y = Div(f, r) }"""

    assert "eps-dies-in-half" not in lint(text)


@pytest.mark.parametrize(("epsilon", "found"), [("1e-12", True), ("1e-6", False)])
def test_the_epsilon_of_a_norm_on_half_tensors_is_read(
    lint: Lint, epsilon: str, found: bool
) -> None:
    text = f"""g (float16[2, 2] x) => (float16[2, 2] y) <float16[2] w = {{1, 1}}>
    {{ y = LayerNormalization<epsilon = {epsilon}>(x, w) }}"""

    assert ("eps-dies-in-half" in lint(text)) is found


def adding(values: "np.ndarray[Any, Any]") -> Any:
    kind = helper.np_dtype_to_tensor_dtype(values.dtype)
    ends = [helper.make_tensor_value_info(name, kind, [len(values)]) for name in ("x", "y")]
    nodes = [helper.make_node("Add", ["x", "w"], ["y"], "add")]
    graph = helper.make_graph(
        nodes, "g", ends[:1], ends[1:], [numpy_helper.from_array(values, "w")]
    )
    opset = [helper.make_opsetid("", 20)]
    return helper.make_model(graph, opset_imports=opset, ir_version=10)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_a_weight_that_is_not_finite_is_an_error(lint: Lint, bad: float, dtype: Any) -> None:
    found = lint(adding(np.array([1, bad], dtype)))["weight-not-finite"]

    assert found[0].severity == "error"
    assert found[0].where == "tensor w"
    assert found[0].what.startswith("1 of its 2 numbers")


def test_a_mask_of_minus_infinity_is_a_warning(lint: Lint) -> None:
    found = lint(adding(np.array([0, -np.inf], np.float32)))["weight-not-finite"]

    assert [finding.severity for finding in found] == ["warning"]


@pytest.mark.parametrize(("value", "found"), [(65505.0, True), (65504.0, False)])
def test_a_weight_beyond_half_is_advice(lint: Lint, value: float, found: bool) -> None:
    rules = lint(adding(np.array([-value], np.float32)))

    assert ("weight-beyond-half" in rules) is found


@pytest.mark.parametrize(("first", "second"), [(10, 1), (1, 10)])
def test_a_cast_that_undoes_the_one_before_is_a_warning(
    lint: Lint, first: int, second: int
) -> None:
    kind = "float" if second == 1 else "float16"
    text = f"""g ({kind}[2] x) => ({kind}[2] y)
    {{ a = Relu(x)  b = Cast<to = {first}>(a)  c = Cast<to = {second}>(b)  y = Relu(c) }}"""
    found = lint(text)["cancelling-casts"]

    assert len(found) == 1
    assert "node that makes c" in found[0].where


def test_a_cast_to_the_same_type_is_a_warning(lint: Lint) -> None:
    text = "g (float[2] x) => (float[2] y) { a = Cast<to = 1>(x)  y = Relu(a) }"

    assert "FLOAT to itself" in lint(text)["cancelling-casts"][0].what


def test_casts_with_work_between_them_are_left_alone(lint: Lint) -> None:
    text = """g (float[2] x) => (float[2] y)
    { a = Cast<to = 10>(x)  b = Relu(a)  y = Cast<to = 1>(b) }"""

    assert "cancelling-casts" not in lint(text)


@pytest.mark.parametrize(("pairs", "found"), [(4, False), (5, True)])
def test_more_than_eight_casts_are_counted(lint: Lint, pairs: int, found: bool) -> None:
    steps = "".join(
        f"h{i} = Cast<to = 10>(x{i})  r{i} = Relu(h{i})  x{i + 1} = Cast<to = 1>(r{i})\n"
        for i in range(pairs)
    )
    text = f"g (float[2] x0) => (float[2] y) {{ {steps} y = Relu(x{pairs}) }}"

    assert ("many-casts" in lint(text)) is found
