"""Embed images and match them. Never imports torch."""

from .backend import Backend
from .bundle import Bundle, Manifest
from .errors import (
    ArtifactError,
    BackendUnavailable,
    ClnetError,
    ConfigError,
    DataError,
    EmbeddingError,
    ExtraMissing,
    GateFailed,
    ShapeError,
    SpaceMismatch,
)
from .preprocess import VIEWS, Preprocess, View

__all__ = [
    "VIEWS",
    "ArtifactError",
    "Backend",
    "BackendUnavailable",
    "Bundle",
    "ClnetError",
    "ConfigError",
    "DataError",
    "EmbeddingError",
    "ExtraMissing",
    "GateFailed",
    "Manifest",
    "Preprocess",
    "ShapeError",
    "SpaceMismatch",
    "View",
]
