"""Search through the index of a gallery."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..embeddings import check_matrix
from ..errors import DataError
from ..matcher import Matches
from .location import lance_errors
from .reader import Gallery

if TYPE_CHECKING:
    import lancedb
    import pyarrow

PROBES = 20
"""Partitions that a search looks into where nobody says how many."""

REFINE = 10
"""Candidates for each wanted place whose stored vectors are scored again."""


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
