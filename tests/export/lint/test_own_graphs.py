"""What we export ourselves has neither errors nor warnings."""

from pathlib import Path

import pytest

from clnet.export.lint import lint as lint_file
from clnet.export.matcher_graph import write_matcher


def test_the_matcher_has_advice_alone(tmp_path: Path) -> None:
    write_matcher(tmp_path / "matcher.onnx", 128)
    report = lint_file(tmp_path / "matcher.onnx")

    assert report.clean
    assert {finding.rule for finding in report.findings} == {"dynamic-axis", "float-product"}


@pytest.mark.slow
@pytest.mark.parametrize("view", ["ground", "satellite"])
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_an_exported_branch_has_neither_errors_nor_warnings(
    bundle: Path, view: str, precision: str
) -> None:
    report = lint_file(bundle / view / f"model.{precision}.onnx")

    assert report.clean, report.findings
