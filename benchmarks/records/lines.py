"""Rows on disk: one JSON object a line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from ...runtime.artifact import validation_summary
from ...runtime.atomic import file_written_aside
from ...runtime.errors import ArtifactError
from .ablation_result import AblationResult, GainResult, TransferResult
from .accuracy_result import AccuracyResult
from .comparison_result import ComparisonResult, QualityResult
from .embedding_result import EmbeddingResult
from .flops_result import FlopsResult
from .latency_result import LatencyResult
from .loading_result import LoadingResult
from .maps_result import (
    MapBearingResult,
    MapDriftResult,
    MapLikenessResult,
    MapRecallResult,
)
from .matching_result import MatchingResult
from .nec_result import NecResult
from .ranking_result import RankingResult
from .ratio_result import RatioResult
from .result import SCHEMA_VERSION, Result
from .signature_result import SignatureResult
from .stage_result import StageResult

Row = TypeVar("Row", bound=Result)

_ANY: TypeAdapter[Result] = TypeAdapter(
    Annotated[
        AblationResult
        | AccuracyResult
        | ComparisonResult
        | EmbeddingResult
        | FlopsResult
        | GainResult
        | LatencyResult
        | LoadingResult
        | MapBearingResult
        | MapDriftResult
        | MapLikenessResult
        | MapRecallResult
        | MatchingResult
        | NecResult
        | QualityResult
        | RankingResult
        | RatioResult
        | SignatureResult
        | StageResult
        | TransferResult,
        Field(discriminator="kind"),
    ]
)


def write_lines(rows: Sequence[Result], path: Path) -> None:
    """
    Write one JSON object a line, aside and renamed.

    Raises:
        ArtifactError: `path` cannot be written.

    """
    with file_written_aside(path) as aside:
        aside.write_text("".join(row.model_dump_json() + "\n" for row in rows))


def read_rows(path: Path) -> list[Result]:
    """
    Read what `write_lines` wrote, of whatever kinds.

    Args:
        path: the file.

    Raises:
        ArtifactError: the file cannot be read, holds no row, or a line is of another schema
            version or an unknown kind or holds other keys or bad values; the line is named.

    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(f"cannot read {path}: {error}") from error
    if not lines:
        raise ArtifactError(f"{path}: no rows; write some with clnet-bench … --json {path.name}")
    return [_row(f"{path} line {n}", line) for n, line in enumerate(lines, start=1)]


def read_lines(path: Path, model: type[Row]) -> list[Row]:
    """
    Read rows of one kind.

    Raises:
        ArtifactError: as `read_rows`, or a row of another kind is among them.

    """
    rows = read_rows(path)
    found = [row for row in rows if isinstance(row, model)]
    if len(found) != len(rows):
        kinds = sorted({type(row).__name__ for row in rows if not isinstance(row, model)})
        raise ArtifactError(f"{path}: expected {model.__name__} alone, got {', '.join(kinds)}, too")
    return found


def _row(where: str, line: str) -> Result:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise ArtifactError(f"{where}: no JSON, as rows are: {error}") from error
    version = found.get("schema_version") if isinstance(found, dict) else None
    if version != SCHEMA_VERSION:
        newer = isinstance(version, int) and version > SCHEMA_VERSION
        raise ArtifactError(
            f"{where}: schema version {version}, this clnet reads {SCHEMA_VERSION}; "
            f"{'update clnet' if newer else 'measure again'}"
        )
    try:
        return _ANY.validate_json(line)
    except ValidationError as error:
        raise ArtifactError(f"{where}: {validation_summary(error)}") from error
