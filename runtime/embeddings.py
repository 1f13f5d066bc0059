"""What every embedding must be: finite, of unit length, and not all the same."""

import numpy as np
from numpy.typing import NDArray

from .errors import EmbeddingError, ShapeError

NORM_TOLERANCE = 1e-3
"""Allowed distance of a row's length from 1; rounding to float16 moves it by 3e-4 at most."""

COLLAPSE_ROWS = 8
"""Fewer rows are never called collapsed: a few copies of one picture are no fault."""

COLLAPSE_SPREAD = 1e-6
"""Rows whose mean squared distance from their mean is less than this are one point."""


def check_matrix(name: str, array: NDArray[np.float32], dim: int | None = None) -> None:
    """Raise ShapeError unless `array` is float32 [n, D], with `dim` as D where it is given."""
    if array.ndim != 2 or array.dtype != np.float32 or (dim and array.shape[1] != dim):
        expected = f"float32 [n, {dim or 'D'}]"
        raise ShapeError(name, expected, f"{array.dtype} {list(array.shape)}")


def check_unit(name: str, embeddings: NDArray[np.float32]) -> None:
    """
    Refuse rows that are no unit vectors.

    Args:
        name: what the message calls the rows.
        embeddings: [n, D] float32.

    Raises:
        EmbeddingError: a number is not finite, or a length is off 1 by `NORM_TOLERANCE`.

    """
    lengths = np.sqrt(np.einsum("nd,nd->n", embeddings, embeddings))
    wrong = np.flatnonzero(~(np.abs(lengths - 1.0) <= NORM_TOLERANCE))
    if len(wrong):
        first = int(wrong[0])
        raise EmbeddingError(
            f"{name}: expected rows of length 1, got {lengths[first]} in row {first} "
            f"({len(wrong)} of {len(lengths)} rows); the network or its file is damaged",
            first,
        )


def check_not_collapsed(name: str, embeddings: NDArray[np.float32]) -> None:
    """
    Refuse rows that are all one point: any of them would match anything.

    Args:
        name: what the message calls the rows.
        embeddings: [n, D] float32; fewer than `COLLAPSE_ROWS` rows always pass.

    Raises:
        EmbeddingError: the rows spread by less than `COLLAPSE_SPREAD`.

    """
    if len(embeddings) < COLLAPSE_ROWS:
        return
    spread = 1.0 - float(np.square(embeddings.mean(axis=0, dtype=np.float64)).sum())
    if spread < COLLAPSE_SPREAD:
        raise EmbeddingError(
            f"{name}: all {len(embeddings)} embeddings are one point; "
            "the network has collapsed, or every image is the same"
        )
