"""What no exact search does without: the bare product, and a read of the gallery."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ...runtime.scanning.onnxruntime_scanner import GALLERY_ROWS
from .job import Floats, MatchingJob, Method

Run = Callable[[], None]
"""One run; only its time matters."""


def _product_blocks(job: MatchingJob, queries: Floats, gallery: Floats) -> Run:
    """Multiply by the matcher's blocks; every block's product overwrites the one before."""
    buffer = np.empty(job.queries * GALLERY_ROWS, np.float32)

    def run() -> None:
        for start in range(0, job.gallery, GALLERY_ROWS):
            block = gallery[start : start + GALLERY_ROWS]
            out = buffer[: job.queries * len(block)].reshape(job.queries, len(block))
            np.matmul(queries, block.T, out=out)

    return run


def _product_whole(job: MatchingJob, queries: Floats, gallery: Floats) -> Run:
    """Multiply at once, into memory that is there already."""
    out = np.empty((job.queries, job.gallery), np.float32)

    def run() -> None:
        np.matmul(queries, gallery.T, out=out)

    return run


def _read(job: MatchingJob, queries: Floats, gallery: Floats) -> Run:
    """Add up the gallery's bytes, eight at a time: the least that a search can do."""
    del queries
    words = gallery.reshape(-1)[: gallery.size // 2 * 2].view(np.uint64)
    parts = np.array_split(words, 8 * job.threads)
    pool = ThreadPoolExecutor(job.threads)

    def run() -> None:
        sum(pool.map(np.sum, parts))

    return run


LIMIT_MAKERS: dict[Method, Callable[[MatchingJob, Floats, Floats], Run]] = {
    "product_blocks": _product_blocks,
    "product_whole": _product_whole,
    "read": _read,
}
"""By method: from a job with its [Q, D] queries and [N, D] gallery to the run."""
