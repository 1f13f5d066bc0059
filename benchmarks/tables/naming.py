"""How a row is called in tables, plots and sentences."""

from ..records.latency_result import Span
from ..records.result import Result

SPAN_WORDS: dict[Span, str] = {
    "network": "from a normalised batch to embeddings",
    "embed": "from uint8 images to embeddings",
}

_FIELDS = ("name", "stage", "method", "view", "backend", "precision")


def name_of(row: Result) -> str:
    """Name a row by the fields that its kind has, with its batch where that is not 1."""
    words = [getattr(row, field, None) for field in _FIELDS]
    batch = getattr(row, "batch", 1)
    return " ".join([word for word in words if word] + [f"batch {batch}"] * (batch != 1))


def method_of(row: Result) -> str:
    """Name what executed a row: its backend and precision."""
    words = [getattr(row, field, None) for field in ("backend", "precision")]
    transfers = getattr(row, "transfers", "none")
    if transfers == "excluded":
        words.append("without transfers")
    return " ".join(word for word in words if word)
