"""What a matcher scans with: one product and one top-K over a chunk of the gallery."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from .errors import ArtifactError
from .onnxruntime_session import open_session

if TYPE_CHECKING:
    import onnxruntime

Floats = NDArray[np.float32]

GALLERY_ROWS = 8192
"""Gallery rows in one run on a CPU."""

QUERY_ROWS = 1024
"""Queries in one run on a CPU: with the gallery's rows, 32 MiB of scores."""


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
    """Scans chunks in FP32, never in TF32: the matcher's bound relies on it."""

    embedding_dim: int
    """D, the length of one embedding."""

    max_k: int | None
    """The largest k of one run; None where the chunk's size is the only limit."""

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


class OnnxRuntimeScanner:
    """Scans with a bundle's `matcher.onnx` on the CPU. Implements `Scanner`."""

    max_k: int | None = None

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
        self._session = open_session(graph, threads=threads, providers=["CPUExecutionProvider"])
        self.embedding_dim = matcher_dim(graph, self._session)

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
        feed = {"queries": queries, "gallery": chunk, "k": np.array([k], np.int64)}
        scores, rows, probe = self._session.run(["scores", "rows", "probe"], feed)
        return Scan(scores, rows, float(probe[0]))

    def close(self) -> None:
        """Nothing to release by hand: the session goes with the object."""


def matcher_dim(graph: Path, session: "onnxruntime.InferenceSession") -> int:
    """
    Check that a session runs a matcher, and read D.

    Raises:
        ArtifactError: it is another graph.

    """
    shapes = {value.name: value.shape for value in session.get_inputs()}
    outputs = [value.name for value in session.get_outputs()]
    if list(shapes) != ["queries", "gallery", "k"] or outputs != ["scores", "rows", "probe"]:
        raise ArtifactError(
            f"{graph} is no matcher: expected queries, gallery, k -> scores, rows, probe, "
            f"got {', '.join(shapes)} -> {', '.join(outputs)}; export the bundle again"
        )
    return int(shapes["queries"][1])
