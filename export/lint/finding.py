"""What the linter says."""

from typing import Literal

from pydantic import NonNegativeInt

from ...runtime.artifact import Artifact

Severity = Literal["error", "warning", "advice"]

SEVERITIES: tuple[Severity, Severity, Severity] = ("error", "warning", "advice")


class Finding(Artifact):
    """One fault, where it is, and what to do."""

    rule: str
    """The rule's name, in kebab-case; docs/lint.md explains each."""

    severity: Severity
    """error: it is refused, or computes wrong numbers. warning: somewhere it will be refused, or
    its numbers break in half. advice: it costs time, or closes a door."""

    where: str
    """A node with its operator, a tensor, or the file, named as the graph names it."""

    what: str
    """What is wrong."""

    remedy: str
    """What to do about it."""


class LintReport(Artifact):
    """One file and all findings in it."""

    file: str
    """The path as it was given."""

    sha256: str
    """Of the file, without weights that lie in other files."""

    size_bytes: NonNegativeInt
    """Of the file, likewise."""

    producer: str
    """What wrote the file, and which version; as it says."""

    ir_version: int
    """Version of the file format."""

    opset: int | None
    """Version of ONNX's own operators; None where the file names none."""

    nodes: NonNegativeInt
    """Nodes, those in bodies of If, Loop, Scan and in local functions included."""

    not_asked: tuple[str, ...]
    """Rules that could not be applied here, each with the reason."""

    findings: tuple[Finding, ...]
    """Errors first, then warnings, then advice."""

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def clean(self) -> bool:
        """True if there is nothing but advice."""
        return self.count("error") == self.count("warning") == 0
