"""What finds a top K: each takes K and returns the [Q, K] row numbers, int64."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.matcher import Matcher
from ...runtime.scanning.onnxruntime_scanner import OnnxRuntimeScanner
from ...runtime.scanning.openvino_scanner import open_scanners
from ...runtime.scanning.rounding import ScanPrecision
from .cuvs_flat import CuvsFlat
from .job import Floats, MatchingJob, Method

TopK = Callable[[int], NDArray[np.int64]]
"""One search of all queries; copies between host and device are in it."""


def _clnet(job: MatchingJob, queries: Floats, gallery: Floats) -> TopK:
    matcher = Matcher(OnnxRuntimeScanner(Path(job.matcher), threads=job.threads))
    return lambda k: matcher.top_k(queries, gallery, k).rows


def _clnet_openvino(
    job: MatchingJob, queries: Floats, gallery: Floats, *, scan: ScanPrecision
) -> TopK:
    matcher = Matcher(*open_scanners(Path(job.matcher), scan, job.threads))
    return lambda k: matcher.top_k(queries, gallery, k).rows


def _faiss_flat(job: MatchingJob, queries: Floats, gallery: Floats) -> TopK:
    import faiss

    faiss.omp_set_num_threads(job.threads)
    index = faiss.IndexFlatIP(job.dim)
    index.add(gallery)
    return lambda k: np.asarray(index.search(queries, k)[1], np.int64)


def _cuvs_flat(job: MatchingJob, queries: Floats, gallery: Floats) -> TopK:
    del job
    return CuvsFlat(queries, gallery)


SEARCH_MAKERS: dict[Method, Callable[[MatchingJob, Floats, Floats], TopK]] = {
    "clnet": _clnet,
    "clnet_openvino": partial(_clnet_openvino, scan="fp32"),
    "clnet_openvino_bf16": partial(_clnet_openvino, scan="bf16"),
    "faiss_flat": _faiss_flat,
    "cuvs_flat": _cuvs_flat,
}
"""By method: from a job with its [Q, D] queries and [N, D] gallery to the search."""
