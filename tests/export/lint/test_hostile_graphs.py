"""A foreign file may hold anything: the linter answers, or raises an error of ours."""

import sys
from pathlib import Path
from typing import Any

import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clnet.engines.apart import run_apart
from clnet.export.lint import describe_lint, onnx_opinion
from clnet.export.lint import lint as lint_file
from clnet.export.lint.linter import apply_rules
from clnet.export.lint.onnx_opinion import Opinion, Verdicts, lean_copy
from clnet.export.lint.source import read_source
from clnet.export.lint.subject import take_apart
from clnet.runtime.errors import ClnetError

RICH = """g (float[B, 4] x) => (float[B, 4] y) <float[4] w = {1, 2, 3, 4}, int64[1] last = {-1}>
  { c = Constant<value = float {1e-12}>()  m = ReduceMean(x, last)  d = Sub(x, m)  s = Mul(d, d)
    v = ReduceMean(s, last)  e = Add(v, c)  r = Sqrt(e)  q = Div(d, r)  h = Cast<to = 10>(q)
    f = Cast<to = 1>(h)  k = Shape(f)  z = Expand(w, k)  b = Equal(v, v)
    y = If (v) <then_branch = t () => (float[B, 4] o) { o = Mul(f, z) },
                else_branch = u () => (float[B, 4] p) { p = Erf(f) }> }"""


def rich() -> Any:
    return onnx.parser.parse_model('<ir_version: 10, opset_import: ["" : 20]> ' + RICH)


CONTENT = rich().SerializeToString()
OFTEN = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
SELDOM = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))

NAMES = st.sampled_from(["x", "m", "d", "s", "v", "c", "w", "h", "", "nowhere", "last"])
OPERATORS = st.sampled_from(
    ["Sub", "Cast", "Pow", "Mul", "ReduceMean", "TopK", "Shape", "Clip", "Constant", "Identity",
     "If", "LayerNormalization", "Erf", "MatMul", "Sqrt", "Div", "ReduceSum", "Add", "Expand"]
)  # fmt: skip


@st.composite
def tampered(draw: st.DrawFn) -> bytes:
    """Change a few bytes."""
    content = bytearray(CONTENT)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content) - 1))
        content[start : start + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(content)


@st.composite
def rewired(draw: st.DrawFn) -> bytes:
    """Change wires, operators, attributes and types: bytes rarely survive parsing."""
    model = rich()
    for _ in range(draw(st.integers(1, 8))):
        node = draw(st.sampled_from(list(model.graph.node)))
        node.op_type = draw(OPERATORS)
        if draw(st.booleans()):
            node.input[:] = draw(st.lists(NAMES, max_size=3))
            node.output[:] = draw(st.lists(NAMES, max_size=2))
        for attribute in node.attribute:
            attribute.type = draw(st.integers(0, 14))
            attribute.i = draw(st.integers(-(2**63), 2**63 - 1))
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.elem_type = draw(st.integers(-1, 40))
    for weight in model.graph.initializer:
        weight.data_type = draw(st.integers(-1, 30))
        weight.dims[:] = draw(st.lists(st.integers(-2, 2**40), max_size=3))
    content: bytes = model.SerializeToString()
    return content


CUT = st.integers(0, len(CONTENT) - 1).map(lambda kept: CONTENT[:kept])


@given(content=st.one_of(tampered(), rewired(), CUT))
@OFTEN
def test_the_rules_answer_whatever_the_file_holds(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    try:
        source = read_source(path)
    except ClnetError:
        return
    opinion = Opinion(Verdicts(checker=None, inference=None), lean_copy(source.model))

    for finding in apply_rules(take_apart(source, opinion)):
        assert finding.where
        assert finding.remedy


@given(content=st.one_of(tampered(), rewired(), CUT))
@SELDOM
def test_the_whole_linter_reports_or_refuses(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    try:
        report = lint_file(path, parser=False)
    except ClnetError:
        return

    assert describe_lint(report).splitlines()[-1].startswith(str(path))


def test_a_crash_of_onnx_is_an_error_and_the_rules_still_apply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_opinion, "run_apart", lambda *_: "died (SIGSEGV)")
    path = tmp_path / "model.onnx"
    path.write_bytes(CONTENT)
    findings = lint_file(path, parser=False).findings

    assert findings[0].rule == "onnx-checker"
    assert "onnx itself died (SIGSEGV)" in findings[0].what
    assert "decomposed-layer-norm" in {finding.rule for finding in findings}


DEATHS = {
    "import os; os.abort()": "died (SIGABRT)",
    "import sys; sys.exit('no luck')": "died (status 1); its log ends: no luck",
    "import time; time.sleep(60)": "did not end in 2 s",
    "": None,
}


@pytest.mark.parametrize(("code", "death"), DEATHS.items())
def test_a_process_of_its_own_tells_how_it_died(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, death: str | None
) -> None:
    (tmp_path / "mortal.py").write_text(code)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    assert run_apart("mortal", [], tmp_path, 2.0) == death
