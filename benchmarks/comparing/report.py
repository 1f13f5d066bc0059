"""What a comparison found."""

from dataclasses import dataclass

from ..records.comparison_result import ComparisonResult, MovedQuery, QualityResult


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """B against A."""

    rows: tuple[ComparisonResult, ...]
    """Times, one a quantity that both sides have."""

    quality: tuple[QualityResult, ...]
    """Embeddings and recall, where they are known."""

    notes: tuple[str, ...]
    """What a reader must know, a sentence each."""

    @property
    def all_rows(self) -> tuple[ComparisonResult | QualityResult, ...]:
        """Rows of both kinds, as they are written."""
        return (*self.rows, *self.quality)

    @property
    def moved(self) -> tuple[MovedQuery, ...]:
        """Queries that A and B answer differently, of all data sets."""
        return tuple(moved for one in self.quality for moved in one.moved or ())
