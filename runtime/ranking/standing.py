"""
Where the right rows of each query stand, by one protocol or several.

Counted are the rows that are neither right nor ignored, that take part, and that score at least as
high as a right one: a tie counts against the query, so that constant embeddings score nothing.
(Counting strictly greater ones, as is common, gives constant or NaN embeddings 100 %.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..datasets.task import GalleryRows, Protocol
from ..embeddings import check_matrix, check_not_collapsed, check_unit
from ..errors import ShapeError
from ..scanning.candidates import exact_scores
from .checking import check_protocol
from .counting import Counts, Floats, Rows, Targets, count_rows


@dataclass(frozen=True, slots=True)
class Standing:
    """The right rows of Q queries among the rows that count against them."""

    starts: Rows
    """[Q + 1] int64: the right rows of query q are at `starts[q]:starts[q + 1]`."""

    ahead: Rows
    """[M] int64: rows that score at least as high as each right row, rising within a query."""

    tied: NDArray[np.bool_]
    """[Q]: whether a row that counts against the query scores exactly as a right one."""

    @property
    def ranks(self) -> Rows:
        """[Q] int64, of each query's best right row; 0 is best."""
        return self.ahead[self.starts[:-1]]


def standings(
    queries: Floats, gallery: Floats, protocols: Sequence[Protocol]
) -> tuple[Standing, ...]:
    """
    Find where right rows stand, by each protocol. The scores are computed once for all.

    Args:
        queries: [Q, D] float32, rows of unit length.
        gallery: [N, D] float32, rows of unit length.
        protocols: at least one.

    Raises:
        ShapeError: arrays of other shapes or types, or a protocol of other pictures.
        EmbeddingError: rows are not finite, not of unit length, or all one point.

    """
    for name, embeddings in (("queries", queries), ("gallery", gallery)):
        check_matrix(name, embeddings, gallery.shape[-1])
        check_unit(name, embeddings)
        check_not_collapsed(name, embeddings)
    for protocol in protocols:
        check_protocol(protocol, len(queries), len(gallery))
    targets = _scored(queries, gallery, [protocol.right for protocol in protocols])
    parts = [
        (columns, count_rows(queries, gallery, targets, columns))
        for columns in _parts(len(gallery), protocols)
    ]
    return tuple(_standing(queries, gallery, protocol, targets, parts) for protocol in protocols)


def true_ranks(queries: Floats, gallery: Floats, truth: Rows) -> Rows:
    """
    Rank the one right row of each query. No [Q, N] matrix is ever held.

    Args:
        queries: [Q, D] float32, rows of unit length.
        gallery: [N, D] float32, rows of unit length.
        truth: [Q] int64, the gallery row that each query shows.

    Returns:
        [Q] int64: 0 is best. A tie counts against the query.

    Raises:
        ShapeError: arrays of other shapes or types, or a truth outside the gallery.
        EmbeddingError: rows are not finite, not of unit length, or all one point.

    """
    if truth.shape != (len(queries),) or truth.dtype != np.int64:
        actual = f"{truth.dtype} {list(truth.shape)}"
        raise ShapeError("truth", f"int64 [{len(queries)}]", actual)
    right = GalleryRows(np.arange(len(truth) + 1, dtype=np.int64), truth)
    (standing,) = standings(queries, gallery, [Protocol("exact", right)])
    return standing.ranks


def _scored(queries: Floats, gallery: Floats, several: Sequence[GalleryRows]) -> Targets:
    """Join the rows of several protocols, each once a query, with their scores."""
    keys = np.unique(np.concatenate([_keys(rows, len(gallery)) for rows in several]))
    of_query, row = np.divmod(keys, len(gallery))
    return Targets(of_query, row, exact_scores(queries, gallery, of_query, row))


def _keys(rows: GalleryRows, gallery: int) -> Rows:
    """Number the pairs of a query and a row, rising."""
    of_query = np.repeat(np.arange(len(rows), dtype=np.int64), np.diff(rows.starts))
    keys: Rows = of_query * gallery + rows.rows
    return keys


def _parts(gallery: int, protocols: Sequence[Protocol]) -> list[Rows]:
    """Split the gallery so that each protocol counts whole parts of it."""
    signature = np.zeros(gallery, np.int64)
    for protocol in protocols:
        signature = 2 * signature + _partakers(protocol, gallery)
    return [np.flatnonzero(signature == one) for one in np.unique(signature)]


def _partakers(protocol: Protocol, gallery: int) -> NDArray[np.bool_]:
    if protocol.kept is None:
        return np.ones(gallery, bool)
    part_in = np.zeros(gallery, bool)
    part_in[protocol.kept] = True
    return part_in


def _standing(
    queries: Floats,
    gallery: Floats,
    protocol: Protocol,
    targets: Targets,
    parts: list[tuple[Rows, Counts]],
) -> Standing:
    keys = _keys(protocol.right, len(gallery))
    chosen = np.searchsorted(targets.queries * len(gallery) + targets.rows, keys)
    part_in = _partakers(protocol, len(gallery))
    counted = [counts for columns, counts in parts if part_in[columns[0]]]
    asked = Targets(targets.queries[chosen], targets.rows[chosen], targets.scores[chosen])
    own = _uncounted(queries, gallery, protocol, asked, part_in)
    at_least = sum(counts.at_least[chosen] for counts in counted) - own.at_least
    tied = at_least - sum(counts.above[chosen] for counts in counted) + own.above
    order = np.lexsort((at_least, asked.queries))
    return Standing(
        starts=protocol.right.starts,
        ahead=at_least[order],
        tied=np.bincount(asked.queries, weights=tied, minlength=len(queries)) > 0,
    )


def _uncounted(
    queries: Floats,
    gallery: Floats,
    protocol: Protocol,
    asked: Targets,
    part_in: NDArray[np.bool_],
) -> Counts:
    """Count the query's right and ignored rows against each of its right ones."""
    spared = asked
    if protocol.ignored is not None:
        spared = _scored(queries, gallery, [protocol.right, protocol.ignored])
        kept = part_in[spared.rows]
        spared = Targets(spared.queries[kept], spared.rows[kept], spared.scores[kept])
    return Counts(
        above=_ahead_of(asked, spared, ties=False), at_least=_ahead_of(asked, spared, ties=True)
    )


def _ahead_of(asked: Targets, spared: Targets, *, ties: bool) -> Rows:
    """Count, for each of `asked`, those of `spared` of the same query that score above it."""
    of_query = np.concatenate([asked.queries, spared.queries])
    scores = np.concatenate([asked.scores, spared.scores])
    is_asked = np.arange(len(scores)) < len(asked.rows)
    # of equal scores, the spared ones come first where ties count
    order = np.lexsort((is_asked == ties, -scores, of_query))
    before = np.cumsum(~is_asked[order])
    spared_before_query = np.searchsorted(spared.queries, asked.queries)
    found = np.empty(len(scores), np.int64)
    found[order] = before
    counts: Rows = found[: len(asked.rows)] - spared_before_query
    return counts
