"""Scan the gallery with a bundle's `matcher.onnx` on the CPU, by ONNX Runtime."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..cores import usable_cores
from ..onnxruntime_backend import CPU
from ..onnxruntime_session import open_session
from .narrow_scan import NARROW_QUERIES, NarrowScan
from .rounding import FP32
from .scanner import Floats, Scan, check_matcher

if TYPE_CHECKING:
    import onnxruntime

GALLERY_ROWS = 8192
"""Gallery rows in one run on a CPU."""

QUERY_ROWS = 1024
"""Queries in one run on a CPU: with the gallery's rows, 32 MiB of scores."""


class OnnxRuntimeScanner:
    """Scans with a bundle's `matcher.onnx` on the CPU. Implements `Scanner`."""

    max_k: int | None = None
    rounding = FP32
    narrow_queries = NARROW_QUERIES

    def __init__(self, graph: Path, *, threads: int | None = None) -> None:
        """
        Load the graph.

        Args:
            graph: what `export.matcher_graph.write_matcher` wrote.
            threads: threads of the product; None takes the cores this process may use.

        Raises:
            ExtraMissing: onnxruntime is not installed.
            ArtifactError: the file is no matcher.

        """
        self._session = open_session(graph, threads=threads, providers=[CPU])
        self.embedding_dim = matcher_dim(graph, self._session)
        self._pool = ThreadPoolExecutor(threads or usable_cores())
        self._narrow = NarrowScan(self._pool)

    @property
    def query_rows(self) -> int:
        """See `QUERY_ROWS`."""
        return QUERY_ROWS

    def rows_held(self) -> int | None:
        """Set no limit: chunks are views of the caller's array."""
        return None

    def hold(self, block: Floats) -> AbstractContextManager[list[Floats]]:
        """See `Scanner`."""
        starts = range(0, len(block), GALLERY_ROWS)
        return nullcontext([block[start : start + GALLERY_ROWS] for start in starts])

    def run(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        """See `Scanner`."""
        if len(queries) <= self.narrow_queries:
            return self._narrow.run(queries, chunk, k)
        feed = {"queries": queries, "gallery": chunk, "k": np.array([k], np.int64)}
        scores, rows, probe = self._session.run(["scores", "rows", "probe"], feed)
        return Scan(scores, rows, float(probe[0]))

    def close(self) -> None:
        """Give back the threads; the session goes with the object."""
        self._pool.shutdown()


def matcher_dim(graph: Path, session: "onnxruntime.InferenceSession") -> int:
    """
    Check that a session runs a matcher, and read D.

    Raises:
        ArtifactError: it is another graph.

    """
    shapes = {value.name: value.shape for value in session.get_inputs()}
    check_matcher(graph, list(shapes), [value.name for value in session.get_outputs()])
    return int(shapes["queries"][1])
