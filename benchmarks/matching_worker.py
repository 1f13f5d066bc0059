"""One matching method in its own process: `python -m clnet.benchmarks.matching_worker FOLDER`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import PositiveInt

from ..runtime.artifact import Artifact
from ..runtime.matcher import Matcher
from ..runtime.onnxruntime_scanner import GALLERY_ROWS, OnnxRuntimeScanner
from .vectors import unit_vectors
from .worker import Part, serve

Method = Literal["clnet", "faiss_flat", "product_blocks", "product_whole"]
Floats = NDArray[np.float32]

IDS = "all"
"""The one part of a search: all queries against the whole gallery."""


class MatchingJob(Artifact):
    """What a method shall search."""

    method: Method
    """How."""

    queries: PositiveInt
    """Q."""

    gallery: PositiveInt
    """N."""

    dim: PositiveInt
    """D."""

    k: PositiveInt
    """K."""

    seed: int
    """Of the gallery; the queries have the one after it."""

    threads: PositiveInt
    """Threads of the product."""

    matcher: str
    """Path of matcher.onnx."""

    def vectors(self) -> tuple[Floats, Floats]:
        """Draw the [Q, D] queries and the [N, D] gallery, float32 rows of unit length."""
        gallery = unit_vectors(self.gallery, self.dim, self.seed)
        return unit_vectors(self.queries, self.dim, self.seed + 1), gallery


def prepare(line: str) -> dict[str, Part]:
    """Load vectors and method; what follows is the search alone."""
    job = MatchingJob.model_validate_json(line)
    makers: dict[Method, Callable[[MatchingJob, Floats, Floats], Part]] = {
        "clnet": _clnet,
        "faiss_flat": _faiss_flat,
        "product_blocks": _product_blocks,
        "product_whole": _product_whole,
    }
    return {IDS: makers[job.method](job, *job.vectors())}


def _clnet(job: MatchingJob, queries: Floats, gallery: Floats) -> Part:
    matcher = Matcher(OnnxRuntimeScanner(Path(job.matcher), threads=job.threads))
    return lambda: matcher.top_k(queries, gallery, job.k).rows


def _faiss_flat(job: MatchingJob, queries: Floats, gallery: Floats) -> Part:
    import faiss

    faiss.omp_set_num_threads(job.threads)
    index = faiss.IndexFlatIP(job.dim)
    index.add(gallery)

    def run() -> NDArray[np.int64]:
        return np.asarray(index.search(queries, job.k)[1], np.int64)

    return run


def _product_blocks(job: MatchingJob, queries: Floats, gallery: Floats) -> Part:
    """Multiply by the matcher's blocks; every block's product overwrites the one before."""
    buffer = np.empty(job.queries * GALLERY_ROWS, np.float32)

    def run() -> None:
        for start in range(0, job.gallery, GALLERY_ROWS):
            block = gallery[start : start + GALLERY_ROWS]
            out = buffer[: job.queries * len(block)].reshape(job.queries, len(block))
            np.matmul(queries, block.T, out=out)

    return run


def _product_whole(job: MatchingJob, queries: Floats, gallery: Floats) -> Part:
    """Multiply at once, into memory that is there already."""
    out = np.empty((job.queries, job.gallery), np.float32)

    def run() -> None:
        np.matmul(queries, gallery.T, out=out)

    return run


if __name__ == "__main__":
    sys.exit(serve(prepare, Path(sys.argv[1])))
