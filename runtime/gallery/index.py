"""An approximate index on a gallery, and how much it misses. Exact matching never uses it."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ..artifact import Artifact
from ..embeddings import check_matrix
from ..errors import ConfigError, DataError
from ..matcher import Matches
from .exact import exact_rows
from .location import Location, lance_errors
from .lock import writing
from .reader import Gallery

if TYPE_CHECKING:
    import lancedb
    import pyarrow

IndexKind = Literal["ivf_pq", "ivf_flat"]

PQ_PLACES = 256
"""Fewest places for ivf_pq: one for each of the 256 codes of a byte."""

PROBES = 20
"""Partitions that a search looks into where nobody says how many."""

REFINE = 10
"""Candidates for each wanted place whose stored vectors are scored again."""


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
    recall, count, query_ms = _recall(gallery, queries, k, probes, refine)
    return IndexFigures(
        kind=kind,
        places=len(gallery),
        build_s=build_s,
        queries=count,
        k=k,
        recall=recall,
        probes=probes,
        refine=refine,
        query_ms=query_ms,
    )


def search_index(
    gallery: Gallery,
    queries: NDArray[np.float32],
    k: int,
    *,
    probes: int = PROBES,
    refine: int = REFINE,
) -> Matches:
    """
    Find about the K best places of each query through the gallery's index.

    Args:
        gallery: a gallery with an index.
        queries: [Q, D] float32, rows of unit length.
        k: places wanted per query, from 1 to N.
        probes: partitions to look into; more where these hold fewer than `k` places.
        refine: for each wanted place, so many candidates are scored by their stored vectors.

    Returns:
        Matches with `rows` and `scores` [Q, k]; scores are exact, places may be missed.

    Raises:
        ShapeError: `queries` is not float32 [Q, D].
        DataError: the gallery has no index, or `k` is not in 1..N.
        ArtifactError: the files are damaged.

    """
    check_matrix("queries", queries, gallery.info.embedding_dim)
    if index_of(gallery) is None:
        raise DataError(f"{gallery.location} has no index: build one with clnet-gallery index")
    if not 1 <= k <= len(gallery):
        raise DataError(f"k must be from 1 to {len(gallery)}, the gallery's size; got {k}")
    rows = np.empty((len(queries), k), np.int64)
    scores = np.empty((len(queries), k), np.float32)
    for number, query in enumerate(queries):
        with lance_errors(f"search {gallery.location}"):
            found = _search_one(gallery, query, k, probes, refine)
        rows[number], scores[number] = _ranked(gallery, query, found)
    return Matches(rows, scores)


def index_of(gallery: Gallery) -> str | None:
    """Name the kind of a gallery's index, in lower case; None where there is none."""
    statistics = _statistics(gallery)
    return None if statistics is None else str(statistics.index_type).lower()


def unindexed_places(gallery: Gallery) -> int:
    """Count the places that the index does not hold; 0 where there is none."""
    statistics = _statistics(gallery)
    return 0 if statistics is None else int(statistics.num_unindexed_rows)


def _statistics(gallery: Gallery) -> "lancedb.table.IndexStatistics | None":
    with lance_errors(f"read the gallery {gallery.location}"):
        names = [index.name for index in gallery.table.list_indices()]
        return gallery.table.index_stats(names[0]) if names else None


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


def _search_one(
    gallery: Gallery, query: NDArray[np.float32], k: int, probes: int, refine: int
) -> "pyarrow.Table":
    search = gallery.table.search(query, vector_column_name="embedding").distance_type("dot")
    search = search.minimum_nprobes(probes).maximum_nprobes(0)  # 0: as many as K places take
    search = search.refine_factor(refine).limit(k).with_row_id(True)
    return search.select(["embedding", "_distance"]).to_arrow()


def _ranked(
    gallery: Gallery, query: NDArray[np.float32], found: "pyarrow.Table"
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    rows = gallery.rows_of(found["_rowid"].to_numpy())
    scores = gallery.embeddings(rows).astype(np.float64) @ query.astype(np.float64)
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]


def _recall(
    gallery: Gallery, queries: int, k: int, probes: int, refine: int
) -> tuple[float, int, float]:
    """Search for places among all others: mean recall, queries, median milliseconds."""
    count = min(queries, len(gallery))
    rows = np.sort(np.random.default_rng(0).choice(len(gallery), count, replace=False))
    embeddings = gallery.embeddings(rows)
    exact = exact_rows(embeddings, gallery.blocks(), k + 1)
    hits, times_ms = 0, []
    for row, embedding, best in zip(rows, embeddings, exact, strict=True):
        start = time.perf_counter()
        found = search_index(gallery, embedding[None], k + 1, probes=probes, refine=refine).rows[0]
        times_ms.append(1e3 * (time.perf_counter() - start))
        hits += len(set(_others(best, row)) & set(_others(found, row)))
    return hits / (count * k), count, float(np.median(times_ms))


def _others(rows: NDArray[np.int64], own: int) -> list[int]:
    """Leave the query's own place out, or the last one where it was missed."""
    return [int(row) for row in rows if row != own][: len(rows) - 1]
