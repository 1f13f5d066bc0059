"""What scanners in the host's memory share: chunks are views, and few queries take no graph."""

from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext

from ..cores import usable_cores
from .narrow_scan import NARROW_QUERIES, NarrowScan
from .rounding import Rounding
from .scanner import Floats, Scan


class HostScanner(ABC):
    """Implements `Scanner` but for the product itself."""

    embedding_dim: int
    rounding: Rounding
    gallery_rows: int
    """Gallery rows in one run of the product."""

    query_rows: int
    """Queries in one run of it."""

    max_k: int | None = None
    narrow_queries = NARROW_QUERIES

    def __init__(self, threads: int | None) -> None:
        """Start the threads of narrow scans; None takes the cores this process may use."""
        self._pool = ThreadPoolExecutor(threads or usable_cores())
        self._narrow = NarrowScan(self._pool)

    def rows_held(self) -> int | None:
        """Set no limit: chunks are views of the caller's array."""
        return None

    def hold(self, block: Floats) -> AbstractContextManager[list[Floats]]:
        """See `Scanner`."""
        starts = range(0, len(block), self.gallery_rows)
        return nullcontext([block[start : start + self.gallery_rows] for start in starts])

    def run(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        """See `Scanner`."""
        if len(queries) <= self.narrow_queries:
            return self._narrow.run(queries, chunk, k)
        return self._scan(queries, chunk, k)

    @abstractmethod
    def _scan(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        """Run the product and its top K."""

    def close(self) -> None:
        """Give back the threads; graphs go with the object."""
        self._pool.shutdown()
