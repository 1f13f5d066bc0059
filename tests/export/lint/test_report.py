"""What is shown, written, and how the command ends."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest
from click.testing import CliRunner

from clnet.export.cli import verify
from clnet.export.lint import LintReport, describe_lint, parser
from clnet.export.lint import lint as lint_file
from clnet.runtime.errors import ArtifactError

Save = Callable[[Any], Path]

HEADER = '<ir_version: 10, opset_import: ["" : 20]> '
CLEAN = "g (float[B, 4] x) => (float[B, 4] y) { [bend] y = Relu(x) }"
FAULTY = "g (float[B, 3, H, 4] x) => (float[B, 3, H, 4] y) { [bend] y = Relu(x) }"


def parsed(text: str) -> Any:
    return onnx.parser.parse_model(HEADER + text)


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(verify, arguments)
    return result.exit_code, result.output


def test_a_clean_graph_exits_with_0(save: Save) -> None:
    status, output = call("--lint", str(save(parsed(CLEAN))))

    assert status == 0
    assert "clean: 0 errors, 0 warnings, 0 advice; 1 nodes, opset 20" in output


def test_advice_alone_exits_with_0(save: Save) -> None:
    graph = "g (float[B, 4] x, float[4, 4] w) => (float[B, 4] y) { y = MatMul(x, w) }"
    status, output = call("--lint", str(save(parsed(graph))))

    assert status == 0
    assert "advice float-product: node that makes y (MatMul)" in output


def test_a_warning_exits_with_1_and_says_where_and_what_to_do(save: Save) -> None:
    status, output = call("--lint", str(save(parsed(FAULTY))))

    assert status == 1
    assert "warning dynamic-axis: input x: " in output
    assert "→ Export with a fixed height and width" in output


@pytest.mark.parametrize("content", [b"", b"no graph", b"PK\x03\x04" + b"\0" * 64])
def test_what_is_no_onnx_exits_with_2_and_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    status, output = call("--lint", str(path))

    assert status == 2
    assert output.startswith("error: ")
    assert "no ONNX file" in output
    assert output.count("\n") == 1


def test_a_missing_file_exits_with_2(tmp_path: Path) -> None:
    status, output = call("--lint", str(tmp_path / "none.onnx"))

    assert (status, output.startswith("error: cannot read")) == (2, True)


def test_a_file_of_two_gib_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.onnx"
    with path.open("wb") as stream:
        stream.truncate(2**31)

    with pytest.raises(ArtifactError, match="less than 2 GiB"):
        lint_file(path)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("bundle", "--lint", "m"),
        *(("--lint", "m", name, ".") for name in ("--checkpoint", "--data")),
    ],
)
def test_a_bundle_or_a_graph_but_not_both(arguments: tuple[str, ...]) -> None:
    status, output = call(*arguments)

    assert status == 2
    assert "give a bundle, or --lint MODEL.onnx alone" in output


def test_the_record_holds_every_finding_and_reads_back(save: Save, tmp_path: Path) -> None:
    record = tmp_path / "lint.json"
    call("--lint", str(save(parsed(FAULTY))), "--json", str(record))
    report = LintReport.read(record)

    assert [finding.rule for finding in report.findings] == ["dynamic-axis", "dynamic-axis"]
    assert json.loads(record.read_text())["findings"][0]["severity"] == "warning"


def test_of_many_alike_three_are_shown_and_the_rest_counted(save: Save) -> None:
    nodes = "".join(f"e{i} = Erf(x)  y{i} = Add(e{i}, one)\n" for i in range(5))
    graph = f"g (float[2] x) => (float[2] y4) <float one = {{1}}> {{ {nodes} }}"
    shown = describe_lint(lint_file(save(parsed(graph)), parser=False)).splitlines()

    assert sum(line.startswith("advice decomposed-gelu: node") for line in shown) == 3
    assert "advice decomposed-gelu: 2 more, all in --json FILE" in shown


def test_names_of_a_foreign_file_cannot_write_to_the_terminal(save: Save) -> None:
    model = parsed(FAULTY)
    model.graph.input[0].name = model.graph.node[0].input[0] = "x\x1b[2J\nclean"
    shown = describe_lint(lint_file(save(model), parser=False))

    assert "\x1b" not in shown
    assert "x?[2J?clean" in shown


def test_the_linter_runs_without_torch(save: Save) -> None:
    code = (
        "import sys\n"
        "for name in ('torch', 'timm', 'onnxscript', 'onnxruntime', 'onnxslim', 'safetensors'):\n"
        "    sys.modules[name] = None\n"
        "from clnet.export.cli import verify\n"
        "verify(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "--lint", str(save(parsed(CLEAN)))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_without_onnx_the_extra_is_named(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(parsed(CLEAN))
    monkeypatch.setitem(sys.modules, "onnx", None)
    status, output = call("--lint", str(path))

    assert status == 2
    assert "onnx is not installed: pip install '.[export]'" in output


def test_every_rule_is_documented_and_no_other() -> None:
    root = Path(__file__).parents[3]
    sources = [path.read_text() for path in (root / "export/lint").glob("*.py")]
    rules = {name for text in sources for name in re.findall(r'rule="([a-z0-9-]+)"', text)}
    rules |= {"onnx-checker", "unsorted-nodes", "duplicate-tensor", "dynamic-axis", parser.RULE}
    table = re.findall(r"^\| `([a-z0-9-]+)` \|", (root / "docs/lint.md").read_text(), re.MULTILINE)

    assert set(table) == rules
