"""
A method that ran beside others in both runs: times divided by its own compare across runs.

Two runs meet a machine in two moods: another clock, another neighbour. Every method of a run felt
that mood in the same rounds, so the ratio to a method that is the same in both runs feels it
hardly, where bare times take it for a difference between A and B.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..records.latency_result import LatencyResult
from ..records.matching_result import MatchingResult
from ..records.ranking_result import RankingResult
from ..records.result import Result, TimedResult
from .circumstances import differences
from .interval import Samples
from .key import Key

_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "torch_eager": ("torch", "timm"),
    "onnxruntime": ("onnxruntime", "onnxruntime-gpu"),
    "product_": ("numpy", "onnxruntime", "openvino"),
}
"""What a yardstick computes with, by the beginning of its method's name."""


class Yardstick(NamedTuple):
    """One method's rows of both runs."""

    name: str
    """Of the method."""

    a: TimedResult
    """In A's run."""

    b: TimedResult
    """In B's run."""


def find_yardstick(
    a: TimedResult, b: TimedResult, matched: Mapping[Key, tuple[Result, Result]]
) -> tuple[Yardstick | None, str | None]:
    """
    Find what both times may be divided by.

    Latency takes PyTorch eager in FP32, else ONNX Runtime in FP32; matching and ranking take their
    bare product. The yardstick must have run in the same rounds as the row, and be the same in both
    runs: machine, threads, TF32, the packages that it computes with, the network's configuration,
    and its graphs.

    Args:
        a: A's row.
        b: B's row of the same thing.
        matched: all rows that both files hold.

    Returns:
        The yardstick or None; and, where there is one that changed between the runs, what did.

    """
    candidates = [pair for pair in matched.values() if _ran_beside(pair[0], a)]
    candidates = [pair for pair in candidates if _ran_beside(pair[1], b)]
    for name in _names(a, candidates):
        for mine, other in candidates:
            if _method(mine) != name or mine is a:
                continue
            assert isinstance(mine, TimedResult)
            assert isinstance(other, TimedResult)
            changed = _changed(name, mine, other)
            if changed:
                return None, f"{name} is no yardstick, it changed: {', '.join(changed)}"
            return Yardstick(name, mine, other), None
    return None, None


def by_yardstick(row: TimedResult, yardstick: TimedResult) -> Samples:
    """Divide the row's median by the yardstick's, round by round: one value a block."""
    return [
        [statistics.median(mine) / statistics.median(its)]
        for mine, its in zip(blocks_ms(row), blocks_ms(yardstick), strict=True)
    ]


def blocks_ms(row: TimedResult) -> Samples:
    """Split a row's samples into its rounds, which are its blocks."""
    runs = row.samples // row.rounds
    return [row.samples_ms[at : at + runs] for at in range(0, row.samples, runs)]


def _names(row: TimedResult, candidates: Iterable[tuple[Result, Result]]) -> Sequence[str]:
    """List the yardsticks of a row, the best first; none for the yardsticks themselves."""
    if isinstance(row, LatencyResult):
        names = ["torch_eager fp32", "onnxruntime fp32"]
        mine = _method(row)
        return names[: names.index(mine)] if mine in names else names
    products = [
        (statistics.median(one.samples_ms), _method(one))
        for one, _ in candidates
        if isinstance(one, MatchingResult | RankingResult) and _method(one).startswith("product_")
    ]
    return [] if _method(row).startswith("product_") else [name for _, name in sorted(products)]


def _method(row: Result) -> str:
    if isinstance(row, LatencyResult):
        return f"{row.backend} {row.precision}"
    return row.method if isinstance(row, MatchingResult | RankingResult) else ""


def _ran_beside(other: Result, row: TimedResult) -> bool:
    """Tell whether a row is of the same kind, question and rounds; only methods differ."""
    if not isinstance(other, TimedResult) or type(other) is not type(row):
        return False
    fields = (
        ("network", "span", "view", "batch", "transfers", "clock")
        if isinstance(row, LatencyResult)
        else ("queries", "gallery", "dim", "k")
    )
    same = all(getattr(other, name, None) == getattr(row, name, None) for name in fields)
    return same and other.rounds == row.rounds


def _changed(name: str, a: TimedResult, b: TimedResult) -> list[str]:
    packages = next((found for start, found in _PACKAGES.items() if name.startswith(start)), ())
    others = {*a.versions, *b.versions} - set(packages)
    found = [one for one in differences(a, b) if one.split(" ")[0] not in others]
    # PyTorch runs random weights of the same network: other weights cost the same
    if not name.startswith("torch_eager") and a.artifacts != b.artifacts:
        found.append("graphs")
    return found
