"""Exact top K: ours, FAISS flat and the bare product, each at its best and in turn."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ...runtime.cores import usable_cores
from ...runtime.errors import ConfigError
from ...runtime.extras import need_extra
from ...runtime.progress import Progress, silent
from ..machine.machine import this_machine
from ..records.matching_result import MatchingResult
from .available import methods_here
from .job import MatchingJob
from .memory import check_memory
from .rows import MatchingReport, matching_rows
from .timing import time_methods
from .vectors import Data


def measure_matching(
    *,
    queries: int = 1024,
    galleries: Sequence[int] = (100_000,),
    dim: int = 1024,
    ks: Sequence[int] = (10,),
    rounds: int = 7,
    seed: int = 0,
    data: Data = "random",
    progress: Progress = silent,
) -> MatchingReport:
    """
    Compare methods on unit vectors.

    Args:
        queries: Q.
        galleries: N of each gallery, rows; its processes hold N x D float32 each, one of them
            Q x N besides. They search for one K after another, and end before the next gallery.
        dim: D.
        ks: every K, at most the smallest N.
        rounds: interleaved rounds, one turn of each method for each K in each; a turn of short runs
            has several.
        seed: of the vectors.
        data: which vectors.
        progress: told about each run.

    Returns:
        A row a gallery, K and method, in this order; what is given twice is measured once.

    Raises:
        ConfigError: a K is above an N, or the vectors do not fit in memory.
        ExtraMissing: onnx or onnxruntime is not installed.
        MeasurementFailed: a method failed.

    """
    if max(ks) > min(galleries):
        raise ConfigError(
            f"k must be at most {min(galleries)}, the size of the gallery; got {max(ks)}"
        )
    need_extra("bench")
    methods, notes = methods_here()
    check_memory(methods, queries, max(galleries), dim)
    machine, rows = this_machine(), list[MatchingResult]()
    with tempfile.TemporaryDirectory() as name:
        matcher = Path(name) / "matcher.onnx"
        _write_matcher(matcher, dim)
        for gallery in dict.fromkeys(galleries):
            job = MatchingJob(
                method="clnet", queries=queries, gallery=gallery, dim=dim,
                ks=tuple(dict.fromkeys(ks)), seed=seed, data=data, threads=usable_cores(),
                matcher=str(matcher),
            )  # fmt: skip
            timed = time_methods(job, methods, Path(name) / str(gallery), rounds, progress)
            rows += matching_rows(job, timed, machine)
    return MatchingReport(tuple(rows), notes)


def _write_matcher(path: Path, dim: int) -> None:
    from ...export.matcher_graph import write_matcher

    write_matcher(path, dim)
