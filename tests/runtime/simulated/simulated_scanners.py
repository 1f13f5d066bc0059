"""Scanners of numpy, in FP32 and in bfloat16, that count what they are asked for."""

from contextlib import AbstractContextManager, nullcontext

import numpy as np
from numpy.typing import NDArray

from clnet.runtime.scanning.rounding import FP32, Rounding
from clnet.runtime.scanning.scanner import Scan

Floats = NDArray[np.float32]


class SimulatedScanner:
    """Multiplies inputs as a rounding takes them. Implements `Scanner`."""

    max_k: int | None = None
    narrow_queries = 0
    query_rows = 1024

    def __init__(self, dim: int, rounding: Rounding = FP32, *, chunk_rows: int = 32) -> None:
        self.embedding_dim = dim
        self.rounding = rounding
        self._chunk_rows = chunk_rows
        self.asked: list[tuple[int, int]] = []
        """Queries and k of each run."""

    def rows_held(self) -> int | None:
        return None

    def hold(self, block: Floats) -> AbstractContextManager[list[Floats]]:
        starts = range(0, len(block), self._chunk_rows)
        return nullcontext([block[start : start + self._chunk_rows] for start in starts])

    def run(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        self.asked.append((len(queries), k))
        scores = self.rounding.taken(queries) @ self.rounding.taken(chunk).T
        rows = np.argsort(-scores, axis=1)[:, :k]
        return Scan(np.take_along_axis(scores, rows, axis=1), rows, float(scores[0].sum()))

    def close(self) -> None:
        """Nothing is held."""
