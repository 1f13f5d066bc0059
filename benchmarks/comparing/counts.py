"""FLOPs of two files: counted, so their ratio is exact."""

from collections.abc import Iterable

from ..records.flops_result import FlopsResult


def count_notes(pairs: Iterable[tuple[str, FlopsResult, FlopsResult]]) -> tuple[str, ...]:
    """
    Say which counts differ, and how many are equal.

    Args:
        pairs: what was counted, A's row and B's.

    """
    notes, equal = [], 0
    for label, a, b in pairs:
        if a.macs == b.macs and a.params == b.params:
            equal += 1
            continue
        notes.append(
            f"{label}: {a.macs:,} -> {b.macs:,} MACs{_ratio(a.macs, b.macs)}, "
            f"{a.params:,} -> {b.params:,} weights{_ratio(a.params, b.params)}"
        )
    if equal:
        notes.append(f"equal counts of MACs and weights: {equal}")
    return tuple(notes)


def _ratio(a: int, b: int) -> str:
    return f" (exactly {b / a:.4f})" if a and a != b else ""
