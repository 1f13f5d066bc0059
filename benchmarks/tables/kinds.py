"""From rows of any kinds to their tables."""

from collections.abc import Callable, Sequence
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
from .ablation import ablation_tables, gain_tables, transfer_tables
from .accuracy import accuracy_tables
from .comparison import comparison_tables
from .embedding import embedding_tables
from .flops import flops_tables
from .latency import latency_tables
from .loading import loading_tables
from .maps import (
    map_bearing_tables,
    map_drift_tables,
    map_likeness_tables,
    map_recall_tables,
)
from .matching import matching_tables
from .nec import nec_tables
from .quality import quality_tables
from .ranking import ranking_tables
from .signatures import signature_tables
from .stages import stage_tables
from .table import Table

_TABLES: dict[type[Result], Callable[[Sequence[Any]], tuple[Table, ...]]] = {
    LatencyResult: latency_tables,
    StageResult: stage_tables,
    EmbeddingResult: embedding_tables,
    MatchingResult: matching_tables,
    RankingResult: ranking_tables,
    LoadingResult: loading_tables,
    FlopsResult: flops_tables,
    AccuracyResult: accuracy_tables,
    ComparisonResult: comparison_tables,
    QualityResult: quality_tables,
    AblationResult: ablation_tables,
    GainResult: gain_tables,
    TransferResult: transfer_tables,
    NecResult: nec_tables,
    MapRecallResult: map_recall_tables,
    MapBearingResult: map_bearing_tables,
    MapDriftResult: map_drift_tables,
    MapLikenessResult: map_likeness_tables,
    SignatureResult: signature_tables,
}


def tables_of(rows: Sequence[Result]) -> tuple[Table, ...]:
    """
    Make the tables of rows, kind by kind.

    Args:
        rows: of any kinds; ratios of the regression guard, which are no table, are left out.

    """
    return tuple(
        table
        for kind, make in _TABLES.items()
        for table in make([row for row in rows if isinstance(row, kind)])
    )
