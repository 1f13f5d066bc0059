"""An approximate index on a gallery, and how much it misses. Exact matching never uses it."""

import time
from pathlib import Path
from typing import Literal

from ..artifact import Artifact
from ..errors import ConfigError
from ..progress import Progress, silent
from .index_recall import measure_recall
from .index_search import PROBES, REFINE
from .location import Location, lance_errors
from .lock import writing
from .reader import Gallery

IndexKind = Literal["ivf_pq", "ivf_flat"]

PQ_PLACES = 256
"""Fewest places for ivf_pq: one for each of the 256 codes of a byte."""


class IndexFigures(Artifact):
    """An index, and how well it finds what exact search finds."""

    kind: IndexKind
    """`ivf_pq` holds codes, `ivf_flat` holds the vectors."""

    places: int
    """N, all of them in the index."""

    build_s: float
    """Seconds to build it."""

    queries: int
    """Places of the gallery that were searched for, each among all others."""

    k: int
    """K of the recall."""

    recall: float
    """Mean part of the exact K best that the index found, in [0, 1]."""

    probes: int
    """Partitions that a search looked into."""

    refine: int
    """Candidates for each wanted place that were scored again."""

    query_ms: float
    """Median milliseconds of one query through the index."""

    def line(self) -> str:
        """Sum it up in one line."""
        return (
            f"{self.kind} of {self.places:,} places in {self.build_s:,.1f} s  "
            f"recall@{self.k} {self.recall:.4f} against exact search "
            f"({self.queries:,} places as queries, {self.probes} probes, refine {self.refine}, "
            f"{self.query_ms:.1f} ms a query)"
        )


def build_index(
    location: str | Path,
    kind: IndexKind = "ivf_pq",
    *,
    partitions: int | None = None,
    sub_vectors: int | None = None,
    queries: int = 200,
    k: int = 10,
    probes: int = PROBES,
    refine: int = REFINE,
    progress: Progress = silent,
) -> IndexFigures:
    """
    Build an index over a gallery, in the place of an older one, and measure its recall.

    Places that are added later are searched one by one until `clnet-gallery compact`.

    Args:
        location: the gallery.
        kind: `ivf_pq`: a byte for each sub-vector; `ivf_flat`: the numbers as they are.
        partitions: parts of the space; None lets Lance decide by the number of places.
        sub_vectors: bytes of one code of `ivf_pq`, a divisor of D; None lets Lance decide.
        queries: places that are searched for to measure the recall; all of a smaller gallery.
        k: K of the recall, or all but one place of a smaller gallery.
        probes: see `search_index`.
        refine: see `search_index`.
        progress: told of every query.

    Raises:
        ConfigError: the gallery is too small, or `sub_vectors` does not divide D.
        ArtifactError: the gallery cannot be read or written, or another process writes.

    """
    place = Location.of(location)
    place.require_table()
    with writing(place.folder):
        gallery = Gallery.open(location)
        _check(gallery, kind, sub_vectors)
        start = time.perf_counter()
        with lance_errors(f"index {place.text}"):
            config = _config(kind, partitions, sub_vectors)
            gallery.table.create_index("embedding", config=config)
        build_s = time.perf_counter() - start
    gallery = Gallery.open(location)
    k = min(k, len(gallery) - 1)
    measured = measure_recall(
        gallery, k, queries=queries, probes=probes, refine=refine, progress=progress
    )
    return IndexFigures(
        kind=kind,
        places=len(gallery),
        build_s=build_s,
        queries=measured.queries,
        k=k,
        recall=measured.recall,
        probes=probes,
        refine=refine,
        query_ms=measured.query_ms,
    )


def _check(gallery: Gallery, kind: IndexKind, sub_vectors: int | None) -> None:
    least = PQ_PLACES if kind == "ivf_pq" else 2
    if len(gallery) < least:
        raise ConfigError(
            f"{gallery.location}: {kind} needs {least} places or more, got {len(gallery)}; "
            "exact matching is fast there"
        )
    dim = gallery.info.embedding_dim
    if sub_vectors is not None and dim % sub_vectors:
        raise ConfigError(f"sub-vectors must divide D = {dim}, got {sub_vectors}")


def _config(kind: IndexKind, partitions: int | None, sub_vectors: int | None) -> object:
    from lancedb.index import IvfFlat, IvfPq

    if kind == "ivf_flat":
        return IvfFlat(distance_type="dot", num_partitions=partitions)
    return IvfPq(distance_type="dot", num_partitions=partitions, num_sub_vectors=sub_vectors)
