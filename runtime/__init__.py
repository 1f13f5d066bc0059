"""Embed images and match them. Never imports torch."""

from .answers import Answer, PlaceMatch
from .backend import Backend
from .backends import open_backend, open_matcher
from .bundle import Bundle, Manifest
from .embedder import Block, Failure, embed_images, embed_items
from .embedding_run import EmbeddingRun, embed_into
from .errors import (
    ArtifactError,
    BackendUnavailable,
    ClnetError,
    ConfigError,
    DataError,
    DeviceFailed,
    EmbeddingError,
    ExtraMissing,
    GateFailed,
    ShapeError,
    SpaceMismatch,
)
from .gallery import Gallery, GalleryInfo, GalleryRows, gallery_writer
from .images import read_image
from .item import Item
from .matcher import Matcher, Matches
from .matching_run import MatchingRun, match_items
from .panorama import Crop, Panorama
from .preprocess import VIEWS, Preprocess, View
from .sources import read_source, read_sources, with_crop

__all__ = [
    "VIEWS",
    "Answer",
    "ArtifactError",
    "Backend",
    "BackendUnavailable",
    "Block",
    "Bundle",
    "ClnetError",
    "ConfigError",
    "Crop",
    "DataError",
    "DeviceFailed",
    "EmbeddingError",
    "EmbeddingRun",
    "ExtraMissing",
    "Failure",
    "Gallery",
    "GalleryInfo",
    "GalleryRows",
    "GateFailed",
    "Item",
    "Manifest",
    "Matcher",
    "Matches",
    "MatchingRun",
    "Panorama",
    "PlaceMatch",
    "Preprocess",
    "ShapeError",
    "SpaceMismatch",
    "View",
    "embed_images",
    "embed_into",
    "embed_items",
    "gallery_writer",
    "match_items",
    "open_backend",
    "open_matcher",
    "read_image",
    "read_source",
    "read_sources",
    "with_crop",
]
