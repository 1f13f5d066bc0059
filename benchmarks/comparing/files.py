"""Two result files: the rows that both hold, B against A."""

from collections.abc import Sequence
from pathlib import Path

from ...runtime.errors import ArtifactError
from ..records.accuracy_result import AccuracyResult
from ..records.comparison_result import ComparisonResult
from ..records.flops_result import FlopsResult
from ..records.lines import read_rows
from ..records.result import TimedResult
from .circumstances import distrust
from .counts import count_notes
from .key import Pairs, matched_rows
from .names import Names, names_of
from .recalls import compared_recalls
from .report import ComparisonReport
from .times import compared_times
from .yardstick import find_yardstick

FILES_MARGIN = 0.10
"""
The least difference between two runs worth a word. The rounds of one run tell nothing of how runs
differ: on a shared machine, ratios to PyTorch of the same code were 1.49 and 1.62 on two days.
"""

_APART = (
    "A and B were measured in two runs, not in turns: a difference may be the machine's mood; "
    "where both runs have a yardstick, times were divided by it first. Two bundles compare better: "
    "clnet-bench compare BUNDLE_A BUNDLE_B"
)


def compare_files(a: Path, b: Path, *, margin: float | None = None) -> ComparisonReport:
    """
    Compare what two result files both measured.

    Times: the ratio of the medians with its interval, after division by a yardstick where both runs
    hold one that did not change (see `find_yardstick`). Counts: exact ratios. Recall: side by side.

    Args:
        a: JSON lines of any kinds.
        b: the same.
        margin: the least difference that counts, as a share; None takes `FILES_MARGIN`.

    Raises:
        ArtifactError: a file cannot be read, is of another schema version, or they have no row in
            common.

    """
    names = names_of(a, b)
    pairs = matched_rows(read_rows(a), read_rows(b))
    if not pairs.matched:
        raise ArtifactError(
            f"{a} and {b} have no row in common; {'; '.join(pairs.notes[:4])}: "
            "measure the same things"
        )
    times, reasons = _times(names, pairs, FILES_MARGIN if margin is None else margin)
    counts = [
        (key.label, mine, other)
        for key, (mine, other) in pairs.matched.items()
        if isinstance(mine, FlopsResult) and isinstance(other, FlopsResult)
    ]
    quality = tuple(
        compared_recalls(names, key.label, mine, other)
        for key, (mine, other) in pairs.matched.items()
        if isinstance(mine, AccuracyResult) and isinstance(other, AccuracyResult)
    )
    notes = [*_same_bytes(a, b), *_other_networks(times), *([_APART] if times else [])]
    notes += [*reasons, *count_notes(counts), *pairs.notes]
    return ComparisonReport(times, quality, tuple(dict.fromkeys(notes)))


def _times(
    names: Names, pairs: Pairs, margin: float
) -> tuple[tuple[ComparisonResult, ...], Sequence[str]]:
    rows, notes = list[ComparisonResult](), list[str]()
    sides: tuple[dict[str, TimedResult], ...] = ({}, {})
    for key, (a, b) in pairs.matched.items():
        if not isinstance(a, TimedResult) or not isinstance(b, TimedResult):
            continue
        yardstick, reason = find_yardstick(a, b, pairs.matched)
        rows.append(compared_times(names, key.label, (a, b), yardstick, margin))
        notes += [reason] if reason else []
        notes += [f"differs: {one}" for one in rows[-1].differences]
        sides[0][key.label], sides[1][key.label] = a, b
    for side, timed in zip("AB", sides, strict=True):
        notes += distrust(side, timed)
    return tuple(rows), notes


def _other_networks(times: Sequence[ComparisonResult]) -> list[str]:
    if not any("configuration" in one for row in times for one in row.differences):
        return []
    return ["A and B ran networks of different configurations: a ratio is not of the same work"]


def _same_bytes(a: Path, b: Path) -> list[str]:
    return ["A and B are the same file"] if a.read_bytes() == b.read_bytes() else []
