"""Try a product before its bound is trusted."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .rounding import Floats, Rounding

_QUERIES, _GALLERY = 32, 256


def excess(rounding: Rounding, multiply: Callable[[Floats, Floats], Floats], dim: int) -> float:
    """
    Compare a product with the exact one of the inputs as they are taken.

    The vectors have every cosine from 0 to 1, so that a result rounded to bfloat16 shows, and some
    consist of numbers halfway between two bfloat16, so that inputs rounded otherwise show.

    Args:
        rounding: what the product is said to run in.
        multiply: takes [Q, D] and [N, D], returns [Q, N].
        dim: D.

    Returns:
        The largest error as a multiple of the bound of the sum: 1 or less keeps it.

    """
    queries, gallery = _trial_vectors(dim)
    scores = np.asarray(multiply(queries, gallery), np.float64)
    q, g = (rounding.taken(one).astype(np.float64) for one in (queries, gallery))
    lengths = np.linalg.norm(q, axis=1)[:, None] * np.linalg.norm(g, axis=1)
    bound = lengths * rounding.sum_error(dim) + dim * 2.0**-50
    return float((np.abs(scores - q @ g.T) / bound).max())


def _trial_vectors(dim: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(0)
    queries = random.standard_normal((_QUERIES, dim))
    share = np.linspace(0, 1, _GALLERY)[:, None]
    base = queries[np.arange(_GALLERY) % _QUERIES]
    gallery = share * base + (1 - share) * random.standard_normal((_GALLERY, dim))
    both = [_unit(queries), _unit(gallery)]
    return _halfway(both[0]), _halfway(both[1])


def _unit(vectors: NDArray[np.float64]) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _halfway(vectors: Floats) -> Floats:
    """Move the numbers of every other row to the middle between two bfloat16."""
    bits = vectors.view(np.uint32).copy()
    bits[::2] = (bits[::2] & np.uint32(0xFFFF0000)) | np.uint32(0x8000)
    return bits.view(np.float32)
