"""Exact top-K search, streamed over the gallery or with the gallery held on a device."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .candidates import Best, Candidates, product_bound
from .closing import Closing
from .embeddings import NORM_TOLERANCE, check_matrix, check_unit
from .errors import DataError, EmbeddingError
from .scanner import Scan, Scanner

Floats = NDArray[np.float32]

SPARE = 4
"""Rows asked for beyond K, so that the rounding bound is nearly always met at once."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The best K gallery rows for each of Q queries, best first."""

    rows: NDArray[np.int64]
    """[Q, K] row numbers in the gallery."""

    scores: Floats
    """[Q, K] cosine similarities in [-1, 1], never increasing along K."""


@dataclass(frozen=True, slots=True)
class HeldGallery:
    """A gallery that stays where it is scanned: for one search after another."""

    rows: Floats
    """[N, D] on the host, for the exact scores."""

    chunks: Sequence[Any]
    """The same rows as the scanner holds them."""


class Matcher(Closing):
    """
    Exact search: the same rows on every machine.

    A scanner scans the gallery in FP32. Each row whose scanned score is within twice the
    rounding bound of the K-th is scored again as a float64 dot product; these scores decide,
    and equal ones come in gallery order.
    """

    def __init__(self, scanner: Scanner[Any]) -> None:
        """
        Take a scanner; `backends.open_matcher` opens a bundle's.

        Args:
            scanner: closed with this object.

        """
        self._scanner = scanner
        self.embedding_dim = scanner.embedding_dim

    def top_k(
        self, queries: Floats, gallery: Floats | Iterable[Floats] | HeldGallery, k: int
    ) -> Matches:
        """
        Find the K most similar gallery rows for each query.

        Args:
            queries: [Q, D] float32, rows of unit length. Q may be 0.
            gallery: [N, D] float32, rows of unit length (the rounding bound relies on it); or
                an iterable of such blocks, read once, of which one is held at a time; or what
                `hold` yielded.
            k: matches wanted per query, from 1 to N; at most 3,840 on a GPU.

        Returns:
            Matches with `rows` [Q, K] int64 and `scores` [Q, K] float32.

        Raises:
            ShapeError: an array is not float32 [n, D] with the matcher's D.
            DataError: `k` is not in 1..N, or more than the scanner takes.
            EmbeddingError: a number is not finite, or rows are not of unit length.
            DeviceFailed: the GPU failed.

        """
        check_matrix("queries", queries, self.embedding_dim)
        check_unit("queries", queries)
        self.check_k(k, _size(gallery))
        parts = list(self._parts(np.ascontiguousarray(queries)))
        best = [Best(len(part), k) for part in parts]
        size = 0
        with closing(self._held(gallery)) as blocks:
            for held in blocks:
                for part, found in zip(parts, best, strict=True):
                    candidates = self._scan(part, held.chunks, k, found.worst)
                    found.take(part, held.rows, size, candidates)
                size += len(held.rows)
        self.check_k(k, size)
        rows = np.concatenate([np.empty((0, k), np.int64), *(found.rows for found in best)])
        scores = np.concatenate([np.empty((0, k)), *(found.scores for found in best)])
        return Matches(rows, scores.astype(np.float32))

    @contextmanager
    def hold(self, gallery: Floats) -> Iterator[HeldGallery]:
        """
        Bring a gallery to where it is scanned, for one search after another.

        Args:
            gallery: [N, D] float32; must not change meanwhile.

        Yields:
            What `top_k` takes.

        Raises:
            ShapeError: not float32 [N, D] with the matcher's D.
            DeviceFailed: the GPU has not the memory; `top_k` searches an array in pieces that fit.

        """
        check_matrix("gallery", gallery, self.embedding_dim)
        rows = np.ascontiguousarray(gallery)
        with self._scanner.hold(rows) as chunks:
            yield HeldGallery(rows, chunks)

    @property
    def max_k(self) -> int | None:
        """The largest K; None where the gallery's size is the only limit."""
        return self._scanner.max_k

    def check_k(self, k: int, size: int | None) -> None:
        """
        Check K before any work.

        Args:
            k: matches wanted per query.
            size: N, or None where it is not known yet.

        Raises:
            DataError: `k` is not in 1..N, or more than the scanner takes.

        """
        if k < 1 or (size is not None and k > size):
            limit = "" if size is None else f"{size}, "
            raise DataError(f"k must be from 1 to {limit}the size of the gallery; got {k}")
        if self.max_k is not None and k > self.max_k:
            raise DataError(
                f"k must be at most {self.max_k:,} on a GPU (TensorRT's limit); got {k:,}; "
                "take the backend onnxruntime for more"
            )

    def close(self) -> None:
        """Give back what the scanner holds."""
        self._scanner.close()

    def _held(
        self, gallery: Floats | Iterable[Floats] | HeldGallery
    ) -> Generator[HeldGallery, None, None]:
        if isinstance(gallery, HeldGallery):
            yield gallery
            return
        for block in [gallery] if isinstance(gallery, np.ndarray) else gallery:
            rows = max(1, self._scanner.rows_held() or len(block))
            for start in range(0, len(block), rows):
                with self.hold(block[start : start + rows]) as held:
                    yield held

    def _parts(self, queries: Floats) -> Iterator[Floats]:
        rows = self._scanner.query_rows
        for start in range(0, len(queries), rows):
            yield queries[start : start + rows]

    def _scan(
        self, queries: Floats, chunks: Sequence[Any], k: int, worst: NDArray[np.float64]
    ) -> Candidates:
        """Collect every row of a block that may belong to the top K, whatever the rounding."""
        found = Candidates(k, product_bound(self.embedding_dim), worst)
        start = 0
        for chunk in chunks:
            self._scan_chunk(queries, chunk, start, k, found)
            start += len(chunk)
        return found

    def _scan_chunk(
        self,
        queries: Floats,
        chunk: Any,  # noqa: ANN401 - the scanner's own
        start: int,
        k: int,
        found: Candidates,
    ) -> None:
        widest = min(len(chunk), self._scanner.max_k or len(chunk))
        width = min(k + SPARE, widest)
        scan = self._run(queries, chunk, width)
        found.raise_floor(scan.scores)
        left = np.arange(len(queries))
        left = found.add(left, scan.rows + start, scan.scores, whole=width == len(chunk))
        while len(left) and width < widest:
            width = min(4 * width, widest)
            scan = self._run(queries[left], chunk, width)
            left = found.add(left, scan.rows + start, scan.scores, whole=width == len(chunk))
        # More rows tie than one run returns: take all rows of pieces that it returns whole.
        for piece in range(0, len(chunk) if len(left) else 0, widest):
            rows = chunk[piece : piece + widest]
            scan = self._run(queries[left], rows, len(rows))
            found.add(left, scan.rows + start + piece, scan.scores, whole=True)

    def _run(self, queries: Floats, chunk: Any, k: int) -> Scan:  # noqa: ANN401
        scan = self._scanner.run(queries, chunk, k)
        if not np.isfinite(scan.probe):
            raise EmbeddingError("gallery: some numbers are not finite; embed it again")
        if scan.scores.size and scan.scores[:, 0].max() > 1 + 2 * NORM_TOLERANCE:
            raise EmbeddingError("gallery: expected rows of length 1; normalise them first")
        return scan


def _size(gallery: Floats | Iterable[Floats] | HeldGallery) -> int | None:
    if isinstance(gallery, HeldGallery):
        return len(gallery.rows)
    return len(gallery) if isinstance(gallery, np.ndarray) else None
