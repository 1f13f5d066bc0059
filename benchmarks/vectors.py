"""Random unit vectors, the same in every process that asks with the same seed."""

import numpy as np
from numpy.typing import NDArray

_ROWS = 4096


def unit_vectors(rows: int, dim: int, seed: int) -> NDArray[np.float32]:
    """
    Draw directions uniformly.

    Args:
        rows: n.
        dim: D.
        seed: of the generator; a prefix of the rows does not depend on n.

    Returns:
        [n, D] float32, rows of unit length.

    """
    random = np.random.default_rng(seed)
    vectors = np.empty((rows, dim), np.float32)
    for start in range(0, rows, _ROWS):
        part = vectors[start : start + _ROWS]
        random.standard_normal(dtype=np.float32, out=part)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return vectors
