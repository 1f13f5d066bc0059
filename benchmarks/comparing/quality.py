"""Quality beside speed: both bundles' embeddings and answers on the same images."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...runtime.bundle import Bundle
from ...runtime.datasets import Layout, Place, Split
from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Progress, silent
from ..accuracy.pairs import protocol_of, read_pairs
from ..accuracy.shares import recall_shares
from ..latency.rows import Method
from ..machine.machine import this_machine, versions_of
from ..records.comparison_result import KnownPlace, MovedQuery, QualityResult
from .answers import Answers, answers_of
from .bundles import PACKAGES, Settings
from .cosines import comparable, min_cosine
from .gained import gained
from .names import Names


@dataclass(frozen=True, slots=True)
class DataSet:
    """Which places to ask both bundles for."""

    path: Path
    """Its folder."""

    layout: Layout = "cvusa"
    """How it lies on disk."""

    split: Split | None = None
    """Which part."""


def quality_without_data(
    names: Names, bundles: tuple[Bundle, Bundle], noise: Mapping[View, float]
) -> QualityResult:
    """Report what embeddings of noise tell: whether both compute the same, and no more."""
    return QualityResult(
        versions=versions_of(PACKAGES),
        machine=this_machine(),
        a=names.a,
        b=names.b,
        what="a batch of noise",
        queries=0,
        gallery=0,
        min_cosine=dict(noise),
        same_space=_same_space(bundles),
    )


def quality_on(
    data: DataSet,
    names: Names,
    bundles: tuple[Bundle, Bundle],
    settings: Settings,
    progress: Progress = silent,
) -> QualityResult:
    """
    Ask both bundles where every ground image was taken, of the pairs of `read_pairs`.

    Raises:
        DataError: the data set or an image cannot be read.
        ClnetError: as `answers_of`.

    """
    places = read_pairs(data.path, data.layout, data.split)
    a, b = (
        answers_of(
            bundle, places, Method(settings.backend, settings.precision_of(bundle)), progress
        )
        for bundle in bundles
    )
    return QualityResult(
        versions=versions_of(PACKAGES),
        machine=this_machine(),
        a=names.a,
        b=names.b,
        what=_what(data),
        queries=len(places),
        gallery=len(places),
        recall_a=recall_shares(a.ranks, len(places)),
        recall_b=recall_shares(b.ranks, len(places)),
        gained_at_1=gained(a.ranks == 0, b.ranks == 0),
        moved=moved_queries(places, a, b),
        min_cosine={
            view: min_cosine(getattr(a.embedded, view), getattr(b.embedded, view))
            for view in comparable(bundles)
        },
        same_space=_same_space(bundles),
    )


def moved_queries(places: list[Place], a: Answers, b: Answers) -> tuple[MovedQuery, ...]:
    """
    List the queries whose true place changed its rank, the best rank of either side first.

    Args:
        places: Q places.
        a: A's answers to them.
        b: B's.

    """
    moved = np.flatnonzero(a.ranks != b.ranks)
    best = np.minimum(a.ranks, b.ranks)[moved]
    return tuple(
        MovedQuery(
            query=_ground(places[at]),
            rank_a=int(a.ranks[at]) + 1,
            rank_b=int(b.ranks[at]) + 1,
            top_a=_tile(places[a.first[at]]),
            top_b=_tile(places[b.first[at]]),
        )
        for at in moved[np.argsort(best, kind="stable")]
    )


def quality_notes(names: Names, bundles: tuple[Bundle, Bundle]) -> tuple[str, ...]:
    """Say what the bundles themselves do not know of their quality, and why some do not compare."""
    notes = []
    for side, name, bundle in zip("AB", names, bundles, strict=True):
        if "parity.json" not in bundle.manifest.files:
            notes.append(f"{side} ({name}) has no parity.json: it was never held to its checkpoint")
        elif bundle.manifest.retrieval == "not measured":
            notes.append(f"{side} ({name}): its export's gate saw no pairs, retrieval not measured")
    apart = [view for view in VIEWS if view not in comparable(bundles)]
    if apart:
        notes.append(
            f"no cosines of {' and '.join(apart)}: preprocessing or the embedding's length differ"
        )
    return tuple(notes)


def _what(data: DataSet) -> str:
    split = data.split or "held-out split"
    return f"{data.path.absolute().name}, {data.layout} {split}; {protocol_of(data.layout)}"


def _same_space(bundles: tuple[Bundle, Bundle]) -> bool:
    a, b = bundles
    return a.manifest.embedding_space_id == b.manifest.embedding_space_id


def _ground(place: Place) -> KnownPlace:
    return KnownPlace(id=place.id, latitude=place.latitude, longitude=place.longitude)


def _tile(place: Place) -> KnownPlace:
    if place.tile_latitude is None:
        return _ground(place)
    return KnownPlace(id=place.id, latitude=place.tile_latitude, longitude=place.tile_longitude)
