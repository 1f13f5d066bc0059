"""One matching method in its own process: `python -m clnet.benchmarks.matching.worker FOLDER`."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.matcher import Matcher
from ...runtime.scanning.onnxruntime_scanner import GALLERY_ROWS, OnnxRuntimeScanner
from ...runtime.scanning.openvino_scanner import open_scanners
from ...runtime.scanning.rounding import ScanPrecision
from ..measuring.worker import Part, serve
from .vectors import VECTORS, Data

Search = Literal["clnet", "clnet_openvino", "clnet_openvino_bf16", "faiss_flat"]
Product = Literal["product_blocks", "product_whole"]
Method = Literal[Search, Product, "read"]

SEARCHES: tuple[Search, ...] = get_args(Search)
"""What finds a top K."""

PRODUCTS: tuple[Product, ...] = get_args(Product)
"""The bare product: in the matcher's blocks, and at once."""

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
    """Of the vectors."""

    data: Data = "random"
    """Which vectors."""

    threads: PositiveInt
    """Threads of the product."""

    matcher: str
    """Path of matcher.onnx."""

    def vectors(self) -> tuple[Floats, Floats]:
        """Draw the [Q, D] queries and the [N, D] gallery, float32 rows of unit length."""
        return VECTORS[self.data](self.queries, self.gallery, self.dim, self.seed)


def prepare(line: str) -> dict[str, Part]:
    """Load vectors and method; what follows is the search alone."""
    job = MatchingJob.model_validate_json(line)
    makers: dict[Method, Callable[[MatchingJob, Floats, Floats], Part]] = {
        "clnet": _clnet,
        "clnet_openvino": partial(_clnet_openvino, scan="fp32"),
        "clnet_openvino_bf16": partial(_clnet_openvino, scan="bf16"),
        "faiss_flat": _faiss_flat,
        "product_blocks": _product_blocks,
        "product_whole": _product_whole,
        "read": _read,
    }
    return {IDS: makers[job.method](job, *job.vectors())}


def _clnet(job: MatchingJob, queries: Floats, gallery: Floats) -> Part:
    matcher = Matcher(OnnxRuntimeScanner(Path(job.matcher), threads=job.threads))
    return lambda: matcher.top_k(queries, gallery, job.k).rows


def _clnet_openvino(
    job: MatchingJob, queries: Floats, gallery: Floats, *, scan: ScanPrecision
) -> Part:
    matcher = Matcher(*open_scanners(Path(job.matcher), scan, job.threads))
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


def _read(job: MatchingJob, queries: Floats, gallery: Floats) -> Part:
    """Add up the gallery's bytes, eight at a time: the least that a search can do."""
    del queries
    words = gallery.reshape(-1)[: gallery.size // 2 * 2].view(np.uint64)
    parts = np.array_split(words, 8 * job.threads)
    pool = ThreadPoolExecutor(job.threads)

    def run() -> None:
        sum(pool.map(np.sum, parts))

    return run


if __name__ == "__main__":
    sys.exit(serve(prepare, Path(sys.argv[1])))
