"""What a matcher scans with: one product and one top-K over a chunk of the gallery."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from ..errors import ArtifactError
from .rounding import Rounding

Floats = NDArray[np.float32]


class Scan(NamedTuple):
    """What one run gives for Q queries."""

    scores: Floats
    """[Q, k] float32, never increasing along k."""

    rows: NDArray[np.int64]
    """[Q, k] int64, row numbers in the chunk."""

    probe: float
    """Sum of all scores of the first query: not finite where the chunk holds such a number."""


class Chunk(Protocol):
    """Gallery rows, wherever they lie."""

    def __len__(self) -> int:
        """Count the rows."""
        ...

    def __getitem__(self, rows: slice) -> Self:
        """View some of them."""
        ...


C = TypeVar("C", bound=Chunk)


class Scanner(Protocol[C]):
    """Scans chunks. The matcher relies on the bound of its rounding."""

    embedding_dim: int
    """D, the length of one embedding."""

    rounding: Rounding
    """What the product runs in."""

    max_k: int | None
    """The largest k of one run; None where the chunk's size is the only limit."""

    narrow_queries: int
    """Up to so many queries take a whole block on the host as one chunk; 0 on a GPU."""

    @property
    def query_rows(self) -> int:
        """Queries that one run takes."""
        ...

    def rows_held(self) -> int | None:
        """Tell how many gallery rows can be held now; None for any number."""
        ...

    def hold(self, block: Floats) -> AbstractContextManager[Sequence[C]]:
        """
        Bring rows to where they are scanned; they go when the context ends.

        Args:
            block: [n, D] float32, C-contiguous; must not change meanwhile.

        Returns:
            A context that yields the rows as chunks, in their order.

        Raises:
            DeviceFailed: there is no memory for them.

        """
        ...

    def run(self, queries: Floats, chunk: C, k: int) -> Scan:
        """
        Scan one chunk. What it returns may change with the next run.

        Args:
            queries: [Q, D] float32, C-contiguous, 1 ≤ Q ≤ `query_rows`.
            chunk: what `hold` yielded, or some rows of it.
            k: from 1 to the chunk's rows, and at most `max_k`.

        """
        ...

    def close(self) -> None:
        """Give back what the scanner holds."""
        ...


def check_matcher(graph: Path, inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """
    Check the names of a matcher's graph.

    Raises:
        ArtifactError: it is another graph.

    """
    if list(inputs) != ["queries", "gallery", "k"] or list(outputs) != ["scores", "rows", "probe"]:
        raise ArtifactError(
            f"{graph} is no matcher: expected queries, gallery, k -> scores, rows, probe, "
            f"got {', '.join(inputs)} -> {', '.join(outputs)}; export the bundle again"
        )
