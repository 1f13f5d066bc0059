"""NVIDIA's own parser: it names what it does not take, and its crash is a finding."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from onnx import TensorProto, helper

from clnet.engines.parse_check import check_parse
from clnet.export.lint import lint as lint_file
from clnet.export.lint import parser
from clnet.runtime.errors import BackendUnavailable, BuildFailed

Save = Callable[[Any], Path]
RULE = "tensorrt-rtx-parser"


@pytest.fixture
def rtx() -> None:
    pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: pip install 'clnet[rtx]'")


def model(*operators: str) -> Any:
    names = ["x", *(f"t{index}" for index in range(len(operators)))]
    nodes = [
        helper.make_node(operator, [names[index]], [names[index + 1]], operator.lower())
        for index, operator in enumerate(operators)
    ]
    ends = [helper.make_tensor_value_info(one, TensorProto.FLOAT, [2, 3, 3]) for one in names]
    graph = helper.make_graph(nodes, "g", ends[:1], ends[-1:])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


@pytest.mark.usefixtures("rtx")
def test_every_node_that_it_does_not_take_is_an_error(save: Save) -> None:
    report = lint_file(save(model("Relu", "Det", "Unique")))
    found = [finding for finding in report.findings if finding.rule == RULE]

    assert [finding.where for finding in found] == ["node det (Det)", "node unique (Unique)"]
    assert found[0].severity == "error"
    assert "has no such operator" in found[0].what
    assert report.not_asked == ()


@pytest.mark.usefixtures("rtx")
def test_what_it_takes_has_no_finding(save: Save) -> None:
    report = lint_file(save(model("Relu", "Abs")))

    assert report.findings == ()
    assert report.not_asked == ()


@pytest.mark.usefixtures("rtx")
def test_a_graph_that_crashes_it_is_an_error(save: Save) -> None:
    """A function that calls itself takes NVIDIA's parser down with a full stack."""
    endless = model("Relu")
    imports = [helper.make_opsetid("", 20), helper.make_opsetid("own", 1)]
    body = [helper.make_node("Again", ["p"], ["q"], domain="own")]
    endless.functions.append(helper.make_function("own", "Again", ["p"], ["q"], body, imports))
    endless.graph.node[0].domain, endless.graph.node[0].op_type = "own", "Again"
    endless.opset_import.append(imports[1])
    found = [one for one in lint_file(save(endless)).findings if one.rule == RULE]

    assert len(found) == 1
    assert "died (SIGSEGV)" in found[0].what or "does not parse" in found[0].what


@pytest.mark.usefixtures("rtx")
def test_a_parser_that_does_not_end_is_given_up(save: Save, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"did not end in 0\.001 s"):
        check_parse(save(model("Relu")), tmp_path, timeout_s=0.001)


def test_where_it_is_not_installed_the_report_says_so(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser, "installed_flavours", lambda: ("tensorrt",))

    report = lint_file(save(model("Unique")))

    assert report.not_asked == (f"{RULE}: tensorrt_rtx is not installed (pip install '.[rtx]')",)


def test_one_that_cannot_be_loaded_is_an_error_of_its_own(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tensorrt_rtx.py").write_text("raise ImportError('no libnvinfer')")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(BackendUnavailable, match="no libnvinfer"):
        check_parse(save(model("Relu")), tmp_path)
