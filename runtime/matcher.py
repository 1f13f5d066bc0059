"""Exact top-K search through `matcher.onnx`, streamed over the gallery."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .candidates import Best, Candidates, product_bound
from .embeddings import NORM_TOLERANCE, check_matrix, check_unit
from .errors import ArtifactError, DataError, EmbeddingError
from .onnxruntime_session import open_session

Floats = NDArray[np.float32]

GALLERY_ROWS = 8192
"""Gallery rows in one run of the graph."""

QUERY_ROWS = 1024
"""Queries in one run of the graph: with the gallery's rows, 32 MiB of scores."""

SPARE = 4
"""Rows asked for beyond K, so that the rounding bound is nearly always met at once."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The best K gallery rows for each of Q queries, best first."""

    rows: NDArray[np.int64]
    """[Q, K] row numbers in the gallery."""

    scores: Floats
    """[Q, K] cosine similarities in [-1, 1], never increasing along K."""


class Matcher:
    """
    Exact search: the same rows on every machine.

    The graph scans the gallery in FP32. Each row whose scanned score is within twice the
    rounding bound of the K-th is scored again as a float64 dot product; these scores decide,
    and equal ones come in gallery order.
    """

    def __init__(self, graph: Path, *, threads: int | None = None) -> None:
        """
        Load a bundle's `matcher.onnx`.

        Args:
            graph: what `export.matcher_graph.write_matcher` wrote.
            threads: threads of the product; None takes the cores this process may use.

        Raises:
            ExtraMissing: onnxruntime is not installed.
            ArtifactError: the file is no matcher.

        """
        self._session = open_session(graph, threads=threads, providers=["CPUExecutionProvider"])
        shapes = {value.name: value.shape for value in self._session.get_inputs()}
        outputs = [value.name for value in self._session.get_outputs()]
        if list(shapes) != ["queries", "gallery", "k"] or outputs != ["scores", "rows", "probe"]:
            raise ArtifactError(
                f"{graph} is no matcher: expected queries, gallery, k -> scores, rows, probe, "
                f"got {', '.join(shapes)} -> {', '.join(outputs)}; export the bundle again"
            )
        self.embedding_dim = int(shapes["queries"][1])

    def top_k(self, queries: Floats, gallery: Floats | Iterable[Floats], k: int) -> Matches:
        """
        Find the K most similar gallery rows for each query.

        Args:
            queries: [Q, D] float32, rows of unit length. Q may be 0.
            gallery: [N, D] float32, rows of unit length (the rounding bound relies on it); or
                an iterable of such blocks, read once, of which one is held at a time.
            k: matches wanted per query, from 1 to N.

        Returns:
            Matches with `rows` [Q, K] int64 and `scores` [Q, K] float32.

        Raises:
            ShapeError: an array is not float32 [n, D] with the graph's D.
            DataError: `k` is not in 1..N.
            EmbeddingError: a number is not finite, or rows are not of unit length.

        """
        check_matrix("queries", queries, self.embedding_dim)
        check_unit("queries", queries)
        _check_k(k, len(gallery) if isinstance(gallery, np.ndarray) else None)
        best = [Best(len(part), k) for part in _parts(queries)]
        size = 0
        for block in _blocks(gallery):
            check_matrix("gallery", block, self.embedding_dim)
            for part, found in zip(_parts(queries), best, strict=True):
                found.take(part, block, size, self._scan(part, block, k, found.worst))
            size += len(block)
        _check_k(k, size)
        rows = np.concatenate([np.empty((0, k), np.int64), *(found.rows for found in best)])
        scores = np.concatenate([np.empty((0, k)), *(found.scores for found in best)])
        return Matches(rows, scores.astype(np.float32))

    def _scan(
        self, queries: Floats, block: Floats, k: int, worst: NDArray[np.float64]
    ) -> Candidates:
        """Collect every row of a block that may belong to the top K, whatever the rounding."""
        found = Candidates(k, product_bound(self.embedding_dim), worst)
        for start in range(0, len(block), GALLERY_ROWS):
            chunk = np.ascontiguousarray(block[start : start + GALLERY_ROWS])
            width = min(k + SPARE, len(chunk))
            scores, rows = self._run(queries, chunk, width)
            found.raise_floor(scores)
            left = np.arange(len(queries))
            left = found.add(left, rows + start, scores, whole=width == len(chunk))
            while len(left):
                width = min(4 * width, len(chunk))
                scores, rows = self._run(queries[left], chunk, width)
                left = found.add(left, rows + start, scores, whole=width == len(chunk))
        return found

    def _run(self, queries: Floats, chunk: Floats, k: int) -> tuple[Floats, NDArray[np.int64]]:
        feed = {"queries": queries, "gallery": chunk, "k": np.array([k], np.int64)}
        scores, rows, probe = self._session.run(["scores", "rows", "probe"], feed)
        if not np.isfinite(probe[0]):
            raise EmbeddingError("gallery: some numbers are not finite; embed it again")
        if scores.size and scores[:, 0].max() > 1 + 2 * NORM_TOLERANCE:
            raise EmbeddingError("gallery: expected rows of length 1; normalise them first")
        return scores, rows


def _check_k(k: int, size: int | None) -> None:
    if k < 1 or (size is not None and k > size):
        limit = "the size of the gallery" if size is None else f"{size}, the size of the gallery"
        raise DataError(f"k must be from 1 to {limit}; got {k}")


def _parts(queries: Floats) -> Iterator[Floats]:
    for start in range(0, len(queries), QUERY_ROWS):
        yield queries[start : start + QUERY_ROWS]


def _blocks(gallery: Floats | Iterable[Floats]) -> Iterable[Floats]:
    return [gallery] if isinstance(gallery, np.ndarray) else gallery
