"""Accuracy rows of two files, side by side."""

from ..records.accuracy_result import AccuracyResult
from ..records.comparison_result import QualityResult
from .names import Names


def compared_recalls(
    names: Names, what: str, a: AccuracyResult, b: AccuracyResult
) -> QualityResult:
    """Put two recalls beside each other; the answers to each query are not in the files."""
    return QualityResult(
        versions=b.versions,
        machine=b.machine,
        configuration=b.configuration,
        a=names.a,
        b=names.b,
        what=what,
        queries=b.queries,
        gallery=b.gallery,
        recall_a=a.recall_at,
        recall_b=b.recall_at,
    )
