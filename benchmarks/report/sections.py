"""From rows to sections, in the order of a reader's questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..records.ablation_result import AblationResult, GainResult, TransferResult
from ..records.accuracy_result import AccuracyResult
from ..records.comparison_result import ComparisonResult, QualityResult
from ..records.embedding_result import EmbeddingResult
from ..records.flops_result import FlopsResult
from ..records.latency_result import LatencyResult
from ..records.loading_result import LoadingResult
from ..records.maps_result import (
    MapBearingResult,
    MapDriftResult,
    MapLikenessResult,
    MapRecallResult,
)
from ..records.matching_result import MatchingResult
from ..records.nec_result import NecResult
from ..records.ranking_result import RankingResult
from ..records.result import Result
from ..records.signature_result import SignatureResult
from ..records.stage_result import StageResult
from ..tables.kinds import tables_of
from .accuracy_plot import accuracy_pictures
from .comparison_plot import comparison_pictures
from .content import Picture, Section
from .embedding_plot import embedding_pictures
from .flops_plot import flops_pictures
from .latency_plot import latency_pictures
from .matching_plot import matching_pictures
from .stage_plot import stage_pictures
from .throughput_plot import throughput_pictures


@dataclass(frozen=True, slots=True)
class Subject:
    """What one kind of row tells."""

    title: str
    """The section's heading."""

    kinds: tuple[type[Result], ...]
    """Of its rows."""

    command: str
    """What measures it."""

    pictures: Callable[[Sequence[Any]], tuple[Picture, ...]]
    """Draws its rows."""

    words: tuple[str, ...] = ()
    """What a reader must know."""

    has_tables: bool = True
    """Whether the rows' tables stand here."""

    is_missed: bool = True
    """Whether a page without such rows says so; experiments, which train, are no part of most."""


def _no_pictures(rows: Sequence[Any]) -> tuple[Picture, ...]:
    """Draw nothing, where the table says it all."""
    del rows
    return ()


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "Latency",
        (LatencyResult,),
        "clnet-bench latency",
        latency_pictures,
        (
            "Methods took turns, each in its own process. SingleStream is batch 1, Offline a "
            "larger one, by MLPerf's names: this is not an MLPerf result. A pair is a ground run "
            "followed by a satellite run. Ratios above 1 are faster.",
            "In the plots, ticks are runs (at most 100, evenly by rank), the dot is p50, the ring "
            "p90 and the diamond p99, where there are runs enough for them.",
        ),
    ),
    Subject(
        "Throughput by batch",
        (LatencyResult,),
        "clnet-bench latency",
        throughput_pictures,
        has_tables=False,
    ),
    Subject("From file to position", (StageResult,), "clnet-bench latency", stage_pictures),
    Subject(
        "FLOPs by module",
        (FlopsResult,),
        "clnet-bench flops",
        flops_pictures,
        (
            "One multiply-accumulate (MAC) is two operations (FLOPs); only convolutions and matrix "
            "products count. The counter torch sees the network, the counter onnx the exported "
            "graph, in which the neural maps are constants.",
        ),
    ),
    Subject(
        "Accuracy",
        (AccuracyResult,),
        "clnet-bench accuracy",
        accuracy_pictures,
        ("R@1 lost is the checkpoint's less this method's, paired by query.",),
    ),
    Subject(
        "Comparison",
        (ComparisonResult, QualityResult),
        "clnet-bench compare",
        comparison_pictures,
        ("A verdict is given where the whole interval allows it, else: cannot tell.",),
    ),
    Subject("Matching", (MatchingResult,), "clnet-bench matching", matching_pictures),
    Subject(
        "Embedding from files", (EmbeddingResult,), "clnet-bench embedding", embedding_pictures
    ),
    Subject("Ranking", (RankingResult,), "clnet-bench ranking", _no_pictures),
    Subject("Loading", (LoadingResult,), "clnet-bench loading", _no_pictures),
    Subject(
        "Ablation",
        (AblationResult, GainResult, TransferResult),
        "clnet-bench ablation",
        _no_pictures,
        ("Data, steps and batches of a seed are the same for every variant.",),
        is_missed=False,
    ),
    Subject(
        "NEC",
        (NecResult,),
        "clnet-bench nec",
        _no_pictures,
        ("NEC computes once a batch in training, and nothing at inference: export folds it.",),
        is_missed=False,
    ),
    Subject(
        "Neural maps of runs",
        (MapRecallResult, MapBearingResult, MapDriftResult, MapLikenessResult),
        "clnet-bench maps",
        _no_pictures,
        is_missed=False,
    ),
    Subject(
        "Failure signatures",
        (SignatureResult,),
        "clnet-bench ablation",
        _no_pictures,
        ("A signature that is met is bad news.",),
        is_missed=False,
    ),
)


def sections_of(rows: Sequence[Result]) -> tuple[Section, ...]:
    """Make a section for each subject that has rows; all rows are of one machine."""
    return tuple(
        _section(subject, found)
        for subject in SUBJECTS
        if (found := [row for row in rows if isinstance(row, subject.kinds)])
    )


def _section(subject: Subject, rows: Sequence[Result]) -> Section:
    shown, others = _views(rows) if LatencyResult in subject.kinds else (rows, ())
    return Section(
        title=subject.title,
        words=subject.words,
        pictures=subject.pictures(shown),
        tables=tables_of(rows) if subject.has_tables else (),
        details=subject.pictures(others),
    )


def _views(rows: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """Part what a page draws openly, the pairs where there are any, from what it folds away."""
    pairs = [row for row in rows if row.view == "pair"]
    return (pairs, [row for row in rows if row.view != "pair"]) if pairs else (rows, ())


def absent_subjects(rows: Sequence[Result]) -> tuple[str, ...]:
    """Name each subject without a row, and what measures it."""
    kinds = {type(row) for row in rows}
    return tuple(
        f"{subject.title.lower()} ({subject.command})"
        for subject in SUBJECTS
        if not kinds.intersection(subject.kinds) and subject.has_tables and subject.is_missed
    )
