"""Small graphs in onnx's text form, each linted in a line."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx: Any = pytest.importorskip("onnx", reason="graphs are linted with onnx: clnet[export]")

HALVES = re.compile(r"(\bfloat16(?:\[\d+\])? \w+ = )\{([^}]*)\}")
Lint = Callable[..., dict[str, list[Any]]]


def _parsed(text: str, opset: int, ir_version: int) -> Any:
    header = f'<ir_version: {ir_version}, opset_import: ["" : {opset}]>\n'
    return onnx.parser.parse_model(header + HALVES.sub(_by_bits, text))


def _by_bits(found: re.Match[str]) -> str:
    """The text form takes half weights by their bits."""
    values = np.array(found[2].split(","), np.float64).astype(np.float16)
    return f"{found[1]}{{{', '.join(str(bits) for bits in values.view(np.uint16))}}}"


@pytest.fixture
def save(tmp_path: Path) -> Callable[[Any], Path]:
    """Write a model to a file."""

    def to_file(model: Any) -> Path:
        path = tmp_path / "model.onnx"
        path.write_bytes(model.SerializeToString())
        return path

    return to_file


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call onnx here: these graphs do not crash it, and a process for each takes its time."""
    from clnet.export.lint import onnx_opinion, onnx_worker

    def run_here(module: str, arguments: list[str], *_: Any) -> None:
        assert module == onnx_worker.__name__
        onnx_worker.main(*map(Path, arguments))

    monkeypatch.setattr(onnx_opinion, "run_apart", run_here)


@pytest.fixture
def lint(save: Callable[[Any], Path], in_process: None) -> Lint:
    """Lint a graph in text form, or a model; return the findings by rule."""
    del in_process
    from clnet.export.lint import lint as lint_file

    def findings(
        graph: Any, *, opset: int = 20, ir_version: int = 10, parser: bool = False
    ) -> dict[str, list[Any]]:
        model = _parsed(graph, opset, ir_version) if isinstance(graph, str) else graph
        report = lint_file(save(model), parser=parser)
        rules: dict[str, list[Any]] = {}
        for finding in report.findings:
            rules.setdefault(finding.rule, []).append(finding)
        return rules

    return findings
