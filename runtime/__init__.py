"""Embed images and match them. Never imports torch."""

from .answers.answer import Answer, MatchingRun, PlaceMatch
from .answers.formats import as_csv, as_geojson, as_json, as_table
from .answers.sheet import write_sheet
from .areas import Area, Box, Intersection, Polygon, Radius
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
from .gallery import Gallery, GalleryInfo, GalleryRows, GalleryWriter, Places, gallery_writer
from .images import read_image
from .item import Item
from .matcher import Matcher, Matches
from .matching_run import match_items
from .panorama import Crop, Panorama
from .pictures import read_picture
from .preprocess import VIEWS, Preprocess, View
from .sources import read_source, read_sources, with_crop

__all__ = [
    "VIEWS",
    "Answer",
    "Area",
    "ArtifactError",
    "Backend",
    "BackendUnavailable",
    "Block",
    "Box",
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
    "GalleryWriter",
    "GateFailed",
    "Intersection",
    "Item",
    "Manifest",
    "Matcher",
    "Matches",
    "MatchingRun",
    "Panorama",
    "PlaceMatch",
    "Places",
    "Polygon",
    "Preprocess",
    "Radius",
    "ShapeError",
    "SpaceMismatch",
    "View",
    "as_csv",
    "as_geojson",
    "as_json",
    "as_table",
    "embed_images",
    "embed_into",
    "embed_items",
    "gallery_writer",
    "match_items",
    "open_backend",
    "open_matcher",
    "read_image",
    "read_picture",
    "read_source",
    "read_sources",
    "with_crop",
    "write_sheet",
]
