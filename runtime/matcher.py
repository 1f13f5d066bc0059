"""Exact top-K search, streamed over the gallery or with the gallery held on a device."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .closing import Closing
from .embeddings import check_matrix, check_unit
from .errors import DataError
from .scanning.block_scan import BlockScan
from .scanning.candidates import Best
from .scanning.mask import check_mask, masked_rows
from .scanning.rounding import ScanPrecision
from .scanning.scanner import Scanner
from .scanning.sieve import Sieve

Floats = NDArray[np.float32]


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

    A scanner scans the gallery. Each row whose scanned score is within twice the rounding bound of
    the K-th is scored again as a float64 dot product; these scores decide, and equal ones come in
    gallery order.
    """

    def __init__(self, scanner: Scanner[Any], sieve: Sieve[Any] | None = None) -> None:
        """
        Take scanners; `backends.open_matcher` opens a bundle's.

        Args:
            scanner: in FP32; closed with this object.
            sieve: of the same chunks, quicker than the scanner, and closed with it, too. What it
                does not settle, `scanner` scans again.

        """
        self._scanner = scanner
        self._sieve = sieve
        self.embedding_dim = scanner.embedding_dim

    @property
    def scan(self) -> ScanPrecision:
        """What the first scan runs in. It changes no result."""
        return (self._sieve or self._scanner).rounding.precision

    def top_k(
        self,
        queries: Floats,
        gallery: Floats | Iterable[Floats] | HeldGallery,
        k: int,
        mask: NDArray[np.bool_] | None = None,
    ) -> Matches:
        """
        Find the K most similar gallery rows for each query.

        Args:
            queries: [Q, D] float32, rows of unit length. Q may be 0.
            gallery: [N, D] float32, rows of unit length (the rounding bound relies on it); or
                an iterable of such blocks, read once, of which one is held at a time; or what
                `hold` yielded.
            k: matches wanted per query, from 1 to the rows to search; at most 3,840 on a GPU.
            mask: [N] bool, True for the rows to search; None searches all. The others are not
                scanned, so few rows take little time.

        Returns:
            Matches with `rows` [Q, K] int64, counted in the whole gallery, and `scores` [Q, K]
            float32.

        Raises:
            ShapeError: an array is not float32 [n, D] with the matcher's D, or the mask is not
                bool [N].
            DataError: `k` is not in 1..N, or above the mask's rows or what the scanner takes.
            EmbeddingError: a number is not finite, or rows are not of unit length.
            DeviceFailed: the GPU failed.

        """
        check_matrix("queries", queries, self.embedding_dim)
        check_unit("queries", queries)
        if mask is None:
            self.check_k(k, _size(gallery))
            return self._search(queries, gallery, k)
        check_mask(mask, _size(gallery))
        self.check_k(k, int(np.count_nonzero(mask)))
        blocks = gallery.rows if isinstance(gallery, HeldGallery) else gallery
        matches = self._search(queries, masked_rows(blocks, mask), k)
        return Matches(np.flatnonzero(mask)[matches.rows], matches.scores)

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
        """Give back what the scanners hold."""
        self._scanner.close()
        if self._sieve is not None:
            self._sieve.close()

    def _search(
        self, queries: Floats, gallery: Floats | Iterable[Floats] | HeldGallery, k: int
    ) -> Matches:
        parts = list(self._parts(np.ascontiguousarray(queries)))
        scans = [BlockScan(part, k, self._scanner, self._sieve) for part in parts]
        best = [Best(len(part), k) for part in parts]
        size = 0
        with closing(self._held(gallery)) as blocks:
            for held in blocks:
                for part, scan, found in zip(parts, scans, best, strict=True):
                    candidates = scan.candidates(self._chunks(held, len(part)), found.worst)
                    found.take(part, held.rows, size, candidates)
                size += len(held.rows)
                del held  # before the next block is read
        self.check_k(k, size)
        rows = np.concatenate([np.empty((0, k), np.int64), *(found.rows for found in best)])
        scores = np.concatenate([np.empty((0, k)), *(found.scores for found in best)])
        return Matches(rows, scores.astype(np.float32))

    def _held(
        self, gallery: Floats | Iterable[Floats] | HeldGallery
    ) -> Generator[HeldGallery, None, None]:
        if isinstance(gallery, HeldGallery):
            yield gallery
            return
        for block in [gallery] if isinstance(gallery, np.ndarray) else gallery:
            yield from self._held_block(block)
            del block  # before the next block is read

    def _held_block(self, block: Floats) -> Iterator[HeldGallery]:
        rows = max(1, self._scanner.rows_held() or len(block))
        for start in range(0, len(block), rows):
            with self.hold(block[start : start + rows]) as held:
                yield held

    def _chunks(self, held: HeldGallery, queries: int) -> Sequence[Any]:
        return [held.rows] if queries <= self._scanner.narrow_queries else held.chunks

    def _parts(self, queries: Floats) -> Iterator[Floats]:
        rows = self._scanner.query_rows
        for start in range(0, len(queries), rows):
            yield queries[start : start + rows]


def _size(gallery: Floats | Iterable[Floats] | HeldGallery) -> int | None:
    if isinstance(gallery, HeldGallery):
        return len(gallery.rows)
    return len(gallery) if isinstance(gallery, np.ndarray) else None
