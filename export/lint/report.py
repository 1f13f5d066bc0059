"""A report for a terminal. Names in it come from a foreign file: nothing of them is trusted."""

from collections.abc import Iterator
from itertools import groupby

from .finding import SEVERITIES, Finding, LintReport

SHOWN = 3
"""Findings shown of one rule and severity; the record holds all."""

_LONGEST = 400


def describe_lint(report: LintReport) -> str:
    """Say one line a finding, the worst first, what to do about each kind, and one line in sum."""
    lines: list[str] = []
    for _, alike in groupby(report.findings, lambda one: (one.severity, one.rule, one.remedy)):
        lines += _told(list(alike))
    lines += [f"not asked: {reason}" for reason in report.not_asked]
    return "\n".join(_one_line(line) for line in [*lines, _summary(report)])


def _told(alike: list[Finding]) -> Iterator[str]:
    first = alike[0]
    for finding in alike[:SHOWN]:
        yield f"{finding.severity} {finding.rule}: {finding.where}: {finding.what}"
    if len(alike) > SHOWN:
        yield f"{first.severity} {first.rule}: {len(alike) - SHOWN} more, all in --json FILE"
    yield f"  → {first.remedy}"


def _summary(report: LintReport) -> str:
    counts = [(report.count(one), one) for one in SEVERITIES]
    told = ", ".join(f"{n} {one}{'s' if n != 1 and one != 'advice' else ''}" for n, one in counts)
    opset = "no opset" if report.opset is None else f"opset {report.opset}"
    verdict = "clean" if report.clean else "not clean"
    return f"{report.file}: {verdict}: {told}; {report.nodes} nodes, {opset}"


def _one_line(text: str) -> str:
    """Keep control characters of a foreign file from a terminal."""
    safe = "".join(letter if letter.isprintable() else "?" for letter in text)
    return safe if len(safe) <= _LONGEST else safe[: _LONGEST - 1] + "…"
