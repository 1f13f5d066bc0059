"""Scanners of numpy, in FP32 and in bfloat16, that count what they are asked for."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext

import numpy as np
from numpy.typing import NDArray

from clnet.runtime.scanning.rounding import FP32, Rounding
from clnet.runtime.scanning.scanner import Scan
from clnet.runtime.scanning.sieve import Sifted, sift

Floats = NDArray[np.float32]


class SimulatedScanner:
    """Multiplies inputs as a rounding takes them. Implements `Scanner` and `Sieve`."""

    max_k: int | None = None
    narrow_queries = 0
    query_rows = 1024

    def __init__(self, dim: int, rounding: Rounding = FP32, *, chunk_rows: int = 32) -> None:
        self.embedding_dim = dim
        self.rounding = rounding
        self._chunk_rows = chunk_rows
        self.asked: list[tuple[int, int]] = []
        """Queries and k of each run."""
        self.sifted: list[int] = []
        """Queries of each chunk that was sifted."""

    def rows_held(self) -> int | None:
        return None

    def hold(self, block: Floats) -> AbstractContextManager[list[Floats]]:
        starts = range(0, len(block), self._chunk_rows)
        return nullcontext([block[start : start + self._chunk_rows] for start in starts])

    def sift(self, queries: Floats, chunk: Floats, reach: Floats, most: int) -> Sifted:
        self.sifted.append(len(queries))
        with ThreadPoolExecutor(1) as pool:
            return sift(self._product(queries, chunk), reach, most, pool)

    def run(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        self.asked.append((len(queries), k))
        scores = self._product(queries, chunk)
        rows = np.argsort(-scores, axis=1)[:, :k]
        return Scan(np.take_along_axis(scores, rows, axis=1), rows, float(scores[0].sum()))

    def _product(self, queries: Floats, chunk: Floats) -> Floats:
        return self.rounding.taken(queries) @ self.rounding.taken(chunk).T

    def close(self) -> None:
        """Nothing is held."""
