"""Backends compared with one of them that computes in FP32."""

from collections.abc import Iterable, Mapping, Sequence

from ..measuring.rounds import median_ratio
from ..records.latency_result import LatencyResult
from .rows import Method, Timed

PREFERRED = Method("onnxruntime", "fp32")
"""The reference wherever it runs."""


def reference_of(methods: Iterable[Method]) -> Method | None:
    """Choose the reference: `PREFERRED`, else the first in fp32, else none."""
    candidates = [method for method in methods if method.precision == "fp32"]
    return PREFERRED if PREFERRED in candidates else next(iter(candidates), None)


def compared(
    rows: Sequence[LatencyResult],
    timed: Mapping[Method, Timed],
    reference: Method,
    cosines: Mapping[Method, Mapping[str, float]],
) -> tuple[LatencyResult, ...]:
    """
    Fill in the rows' fields about the reference.

    Args:
        rows: of methods in `timed`.
        timed: the turns, the same number for each method.
        reference: one of the methods.
        cosines: by method and view, the least to the reference.

    """

    def filled(row: LatencyResult) -> LatencyResult:
        method = Method(row.backend, row.precision)
        mine, its = timed[method].rounds_s(row.view), timed[reference].rounds_s(row.view)
        of_view = cosines[method]
        cosine = min(of_view.values()) if row.view == "pair" else of_view[row.view]
        figures = {
            "ratio_to_fp32_reference": median_ratio(its, mine),
            "min_cosine_to_fp32_reference": cosine,
        }
        return row.model_copy(update=figures)

    return tuple(filled(row) for row in rows)
