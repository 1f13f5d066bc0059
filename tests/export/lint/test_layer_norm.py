"""A LayerNorm written out is found in every spelling, and nothing else is taken for one."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lint = Callable[..., dict[str, list[Any]]]
RULE = "decomposed-layer-norm"
MISSING = "needs clnet[export]"


def graph(body: str, shape: str = "1, 4, 16", kind: str = "float") -> str:
    return f"""g ({kind}[{shape}] x) => ({kind}[{shape}] y)
    <int64[1] last = {{-1}}, int64[1] channels = {{1}}, int64[3] to = {{1, 4, 1}},
     int64[3] full = {{1, 4, 16}}, {kind} eps = {{0.00001}},
     {kind} two = {{2}}, {kind} half = {{0.5}}, {kind} minus_half = {{-0.5}}, {kind} n = {{16}}>
    {{ {body} }}"""


PLAIN = """m = ReduceMean(x, last)  d = Sub(x, m)  s = Pow(d, two)  v = ReduceMean(s, last)
           e = Add(v, eps)  r = Sqrt(e)  y = Div(d, r)"""

SPELLINGS = {
    "plain": PLAIN,
    "operands swapped": PLAIN.replace("Sub(x, m)", "Sub(m, x)").replace("(v, eps)", "(eps, v)"),
    "square as a product": PLAIN.replace("Pow(d, two)", "Mul(d, d)"),
    "root as a power": PLAIN.replace("r = Sqrt(e)", "r = Pow(e, half)"),
    "power of -0.5": PLAIN.replace("r = Sqrt(e)", "r = Pow(e, minus_half)").replace("Div", "Mul"),
    "reciprocal": PLAIN.replace("r = Sqrt(e)", "q = Sqrt(e)  r = Reciprocal(q)"),
    "reshaped on the way": PLAIN.replace("(s, last)", "<keepdims = 0>(s, last)").replace(
        "e = Add(v, eps)", "u = Reshape(v, to)  w = Expand(u, full)  e = Add(w, eps)"
    ),
    "mean as sum over n": PLAIN.replace(
        "v = ReduceMean(s, last)", "t = ReduceSum(s, last)  v = Div(t, n)"
    ),
    "channels first": PLAIN.replace("last", "channels"),
    "mean of squares less square of mean": """m = ReduceMean(x, last)  mm = Mul(m, m)
        s = Mul(x, x)  a = ReduceMean(s, last)  v = Sub(a, mm)  e = Add(v, eps)  r = Sqrt(e)
        d = Sub(x, m)  y = Div(d, r)""",
}


@pytest.mark.parametrize("body", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_each_spelling_is_found_once(lint: Lint, body: str) -> None:
    found = lint(graph(body))[RULE]

    assert len(found) == 1
    assert found[0].severity == "warning"
    assert "opset 17" in found[0].remedy


def test_over_channels_first_of_a_map_it_is_found(lint: Lint) -> None:
    assert RULE in lint(graph(SPELLINGS["channels first"], shape="1, 16, 4, 4"))


def test_in_half_it_is_an_error(lint: Lint) -> None:
    found = lint(graph(PLAIN, kind="float16"))[RULE]

    assert [finding.severity for finding in found] == ["error"]
    assert "x² overflows, from |x - mean| = 256 on" in found[0].what


INNOCENT = {
    "layer normalization": "y = LayerNormalization(x, w)",
    "centring alone": "m = ReduceMean(x, last)  y = Sub(x, m)",
    "variance without a root": """m = ReduceMean(x, last)  d = Sub(x, m)  s = Mul(d, d)
        v = ReduceMean(s, last)  y = Mul(x, v)""",
    "deviation from another's mean": """a = Abs(x)  m = ReduceMean(a, last)  d = Sub(x, m)
        s = Mul(d, d)  v = ReduceMean(s, last)  r = Sqrt(v)  y = Div(d, r)""",
    "L2 norm": "s = Mul(x, x)  t = ReduceSum(s, last)  e = Add(t, eps)  r = Sqrt(e)  y = Div(x, r)",
}


@pytest.mark.parametrize("body", INNOCENT.values(), ids=INNOCENT.keys())
def test_what_only_resembles_one_is_left_alone(lint: Lint, body: str) -> None:
    text = graph(body).replace(">\n", f", float[16] w = {{{', '.join('1' * 16)}}}>\n", 1)

    assert RULE not in lint(text)


def test_one_in_the_body_of_an_if_is_found_and_placed(lint: Lint) -> None:
    inner = PLAIN.replace("y = Div", "z = Div")
    body = f"""c = Equal(n, n)
        y = If (c) <then_branch = yes () => (float[1, 4, 16] z) {{ {inner} }},
                    else_branch = no () => (float[1, 4, 16] k) {{ k = Identity(x) }}>"""
    found = lint(graph(body))[RULE]

    assert len(found) == 1
    assert "then_branch" in found[0].where


def exported(module: Any, example: Any, path: Path) -> Path:
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the old exporter announces its end
        torch.onnx.export(module.eval(), (example,), str(path), opset_version=16, dynamo=False)
    return path


@pytest.mark.slow
def test_what_torchscript_makes_of_a_layer_norm_is_found(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason=MISSING)

    from clnet.export.lint import lint as lint_file

    path = exported(torch.nn.LayerNorm(16), torch.zeros(2, 4, 16), tmp_path / "norm.onnx")
    report = lint_file(path, parser=False)

    assert [finding.rule for finding in report.findings] == [RULE]
    assert report.opset == 16


@pytest.mark.slow
def test_every_layer_norm_and_gelu_of_a_convnext_from_torchscript_is_found(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason=MISSING)
    timm = pytest.importorskip("timm", reason=MISSING)

    from clnet.export.lint import lint as lint_file

    small = {"depths": (1, 1, 1, 1), "dims": (8, 16, 24, 32)}
    network = timm.create_model("convnext_tiny", num_classes=0, **small)
    norms = sum(isinstance(one, torch.nn.LayerNorm) for one in network.modules())
    path = exported(network, torch.zeros(2, 3, 64, 64), tmp_path / "convnext.onnx")
    rules = [finding.rule for finding in lint_file(path, parser=False).findings]

    assert rules.count(RULE) == norms
    assert rules.count("decomposed-gelu") == 4
