"""Scan the gallery with a bundle's `matcher.onnx` on the CPU, by ONNX Runtime."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..onnxruntime_backend import CPU
from ..onnxruntime_session import open_session
from .host_scanner import HostScanner
from .rounding import FP32
from .scanner import Floats, Scan, check_matcher

if TYPE_CHECKING:
    import onnxruntime

GALLERY_ROWS = 8192
"""Gallery rows in one run on a CPU."""

QUERY_ROWS = 1024
"""Queries in one run on a CPU: with the gallery's rows, 32 MiB of scores."""


class OnnxRuntimeScanner(HostScanner):
    """Scans with a bundle's `matcher.onnx` on the CPU. Implements `Scanner`."""

    rounding = FP32
    gallery_rows = GALLERY_ROWS
    query_rows = QUERY_ROWS

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
        super().__init__(threads)
        self._session = open_session(graph, threads=threads, providers=[CPU])
        self.embedding_dim = matcher_dim(graph, self._session)

    def _scan(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        feed = {"queries": queries, "gallery": chunk, "k": np.array([k], np.int64)}
        scores, rows, probe = self._session.run(["scores", "rows", "probe"], feed)
        return Scan(scores, rows, float(probe[0]))


def matcher_dim(graph: Path, session: "onnxruntime.InferenceSession") -> int:
    """
    Check that a session runs a matcher, and read D.

    Raises:
        ArtifactError: it is another graph.

    """
    shapes = {value.name: value.shape for value in session.get_inputs()}
    check_matcher(graph, list(shapes), [value.name for value in session.get_outputs()])
    return int(shapes["queries"][1])
