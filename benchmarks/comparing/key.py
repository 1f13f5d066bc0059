"""Which rows of two files measure the same thing."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..records.accuracy_result import AccuracyResult
from ..records.embedding_result import EmbeddingResult
from ..records.flops_result import FlopsResult
from ..records.latency_result import LatencyResult
from ..records.matching_result import MatchingResult
from ..records.ranking_result import RankingResult
from ..records.result import Result
from ..records.stage_result import StageResult

_SIZES = ("queries", "gallery", "dim")
_BRANCH = ("view", "backend", "precision", "batch")

KEY_FIELDS: Mapping[type[Result], tuple[str, ...]] = {
    LatencyResult: ("network", "span", *_BRANCH, "transfers", "clock"),
    StageResult: ("network", "stage", *_BRANCH, "gallery", "k", "file_width", "file_height"),
    EmbeddingResult: ("network", *_BRANCH, "images", "file_width", "file_height"),
    MatchingResult: ("method", *_SIZES, "k", "data"),
    RankingResult: ("method", *_SIZES),
    FlopsResult: ("network", "benchmark", "view", "module", "counter"),
    AccuracyResult: (
        "network", "data", "layout", "protocol", "backend", "precision", "queries", "gallery",
    ),
}  # fmt: skip
"""By kind of row, what it measures; the rest of its fields are what came out, and how."""


class Key(NamedTuple):
    """What a row measures."""

    kind: str
    """Of the row."""

    values: tuple[Any, ...]
    """Of `KEY_FIELDS`; "" in place of a network's name that does not count."""

    label: str
    """The same in words."""


class Pairs(NamedTuple):
    """The rows of two files."""

    matched: Mapping[Key, tuple[Result, Result]]
    """A's row and B's, in A's order."""

    notes: tuple[str, ...]
    """Rows without a partner and whatever else a reader must know of the match."""


def key_of(row: Result, *, by_network: bool = True) -> Key:
    """
    Tell what a row measures.

    Args:
        row: of a kind in `KEY_FIELDS`.
        by_network: whether the network's name counts.

    """
    kind = str(getattr(row, "kind"))  # noqa: B009 (a base `Result` has none)
    fields = KEY_FIELDS[type(row)]
    found = {
        name: "" if name == "network" and not by_network else getattr(row, name) for name in fields
    }
    words = [
        f"{name.replace('_', ' ')} {value}" if isinstance(value, int) else str(value)
        for name, value in found.items()
        if value not in (None, "", "none", "host")
    ]
    return Key(kind, tuple(found.values()), " ".join([kind, *words]))


def matched_rows(a: Sequence[Result], b: Sequence[Result]) -> Pairs:
    """
    Find the rows of A and B that measure the same thing.

    Where each side is about one network and the names differ, the names do not count: the same
    network may lie in two bundles.

    Args:
        a: A's rows, of any kinds.
        b: B's rows.

    """
    names = [{row.network for row in rows if hasattr(row, "network")} for rows in (a, b)]
    renamed = names[0] != names[1] and all(len(one) == 1 for one in names)
    notes = []
    if renamed:
        notes.append(f"networks: {min(names[0])} in A, {min(names[1])} in B; the rest matches rows")
    sides, skipped = [], set[str]()
    for side, rows in (("A", a), ("B", b)):
        keyed: dict[Key, Result] = {}
        for row in rows:
            if type(row) not in KEY_FIELDS:
                skipped.add(str(getattr(row, "kind", type(row).__name__)))
                continue
            key = key_of(row, by_network=not renamed)
            if key in keyed:
                notes.append(f"{side} has {key.label} more than once: its last row counts")
            keyed[key] = row
        sides.append(keyed)
    notes += [f"rows of the kind {kind} are not compared" for kind in sorted(skipped)]
    of_a, of_b = sides
    notes += [f"only in A: {key.label}" for key in of_a if key not in of_b]
    notes += [f"only in B: {key.label}" for key in of_b if key not in of_a]
    matched = {key: (row, of_b[key]) for key, row in of_a.items() if key in of_b}
    return Pairs(matched, tuple(notes))
