"""Look for what makes an ONNX graph fail, slow or wrong in half. Never imports torch."""

from .finding import Finding, LintReport, Severity
from .linter import lint
from .report import describe_lint

__all__ = ["Finding", "LintReport", "Severity", "describe_lint", "lint"]
