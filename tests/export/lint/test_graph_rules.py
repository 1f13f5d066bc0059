"""GELU, shape clutter, dynamic axes, and what a GPU refuses."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest

Lint = Callable[..., dict[str, list[Any]]]


@pytest.mark.parametrize("one", ["Add(e, one)", "Add(one, e)"])
def test_a_gelu_written_out_is_advice(lint: Lint, one: str) -> None:
    text = f"""g (float[2] x) => (float[2] y) <float root = {{1.41421}}, float one = {{1}},
    float half = {{0.5}}>
    {{ d = Div(x, root)  e = Erf(d)  a = {one}  m = Mul(x, a)  y = Mul(m, half) }}"""

    assert [finding.severity for finding in lint(text)["decomposed-gelu"]] == ["advice"]


def test_gelu_and_a_bare_erf_are_left_alone(lint: Lint) -> None:
    assert lint("g (float[2] x) => (float[2] y) { e = Erf(x)  y = Gelu(e) }") == {}


def test_a_shape_computed_in_the_graph_is_found_where_it_is_used(lint: Lint) -> None:
    text = """g (float[B, 8] x) => (float[B, 8] y) <int64[1] width = {8}, int64[1] last = {-1}>
    { s = Shape<start = 0, end = 1>(x)  t = Concat<axis = 0>(s, width)
      n = ReduceL2(x, last)  e = Expand(n, t)  y = Div(x, e) }"""
    found = lint(text)["shape-clutter"]

    assert len(found) == 1
    assert found[0].where == "node that makes e (Expand)"
    assert "1 Concat, 1 Shape" in found[0].what


def test_range_and_gather_over_a_shape_are_clutter(lint: Lint) -> None:
    text = """g (float[B, 8] x) => (float[B, 8] y) <int64 zero = {0}, int64 one = {1}>
    { s = Shape(x)  n = Gather(s, zero)  r = Range(zero, n, one)  y = Gather(x, r) }"""

    assert "1 Gather, 1 Range, 1 Shape" in lint(text)["shape-clutter"][0].what


def test_a_fixed_reshape_is_no_clutter(lint: Lint) -> None:
    text = (
        """g (float[B, 2, 4] x) => (float[B, 8] y) <int64[2] to = {0, 8}> { y = Reshape(x, to) }"""
    )

    assert lint(text) == {}


def test_nodes_over_constants_alone_are_counted(lint: Lint) -> None:
    text = """g (float[2] x) => (float[2] y) <float[2] w = {1, 2}>
    { a = Mul(w, w)  b = Sqrt(a)  y = Add(x, b) }"""
    found = lint(text)["unfolded-constants"]

    assert [finding.severity for finding in found] == ["advice"]
    assert "the first of 2 such nodes" in found[0].what


@pytest.mark.slow
def test_what_dynamo_makes_of_pool_and_normalize_is_found(tmp_path: Path) -> None:
    for module in ("torch", "timm", "onnxscript"):
        pytest.importorskip(module, reason="needs clnet[export]")
    import timm
    import torch

    from clnet.export.lint import lint as lint_file

    class Head(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.pool = timm.layers.SelectAdaptivePool2d(pool_type="avg", flatten=True)

        def forward(self, features: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.normalize(self.pool(features), dim=-1)

    batch = torch.export.Dim("batch", max=64)
    example = (torch.zeros(2, 8, 4, 4),)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            Head(), example, dynamo=True, opset_version=20, dynamic_shapes=({0: batch},),
            verbose=False,
        )  # fmt: skip
    assert program is not None
    path = tmp_path / "head.onnx"
    onnx.save(program.model_proto, path)
    rules = {finding.rule for finding in lint_file(path, parser=False).findings}

    assert {"shape-clutter", "eps-dies-in-half"} <= rules


def relu(shape: str) -> str:
    return f"g (float[{shape}] x) => (float[{shape}] y) {{ y = Relu(x) }}"


def test_a_dynamic_batch_is_as_it_should_be(lint: Lint) -> None:
    assert lint(relu("B, 3, 32, 64")) == {}


@pytest.mark.parametrize("shape", ["B, 3, H, 64", "B, 3, ?, 64"])
def test_a_dynamic_height_is_a_warning_at_input_and_output(lint: Lint, shape: str) -> None:
    found = lint(relu(shape))["dynamic-axis"]

    assert [finding.where for finding in found] == ["input x", "output y"]
    assert {finding.severity for finding in found} == {"warning"}


def test_an_input_of_open_rank_is_a_warning(lint: Lint) -> None:
    assert "rank is open" in lint(relu(""))["dynamic-axis"][0].what


def test_a_batch_burnt_in_while_tracing_is_a_warning(lint: Lint) -> None:
    text = (
        """g (float[B, 2, 4] x) => (float[B, 8] y) <int64[2] to = {2, 8}> { y = Reshape(x, to) }"""
    )

    assert lint(text)["fixed-batch"][0].where == "output y"


def test_the_matchers_second_axes_are_advice(lint: Lint) -> None:
    text = """g (float[Q, 8] queries, float[N, 8] gallery, int64[1] k)
      => (float[Q, K] scores, int64[Q, K] rows)
    { p = Gemm<transB = 1>(queries, gallery)  scores, rows = TopK(p, k) }"""
    found = lint(text)["dynamic-axis"]

    assert {finding.severity for finding in found} == {"advice"}
    assert {finding.where for finding in found} == {"input gallery", "output scores", "output rows"}


def product(kind: str) -> str:
    return f"g ({kind}[B, 8] x, {kind}[8, 4] w) => ({kind}[B, 4] y) {{ y = MatMul(x, w) }}"


def test_a_product_in_fp32_is_advice_about_turing(lint: Lint) -> None:
    found = lint(product("float"))["float-product"]

    assert [finding.severity for finding in found] == ["advice"]
    assert "Turing (7.5)" in found[0].what


def test_a_product_in_half_is_left_alone(lint: Lint) -> None:
    assert "float-product" not in lint(product("float16"))


def test_bf16_is_a_warning(lint: Lint) -> None:
    found = lint(product("bfloat16"))["bfloat16"]

    assert [finding.severity for finding in found] == ["warning"]


@pytest.mark.parametrize(("k", "found"), [(3840, False), (3841, True)])
def test_top_k_beyond_tensorrts_limit_is_an_error(lint: Lint, k: int, found: bool) -> None:
    text = f"""g (float[B, 5000] x) => (float[B, {k}] v, int64[B, {k}] i) <int64[1] k = {{{k}}}>
    {{ v, i = TopK(x, k) }}"""
    rules = lint(text)

    assert ("top-k-limit" in rules) is found
    assert not found or rules["top-k-limit"][0].severity == "error"
