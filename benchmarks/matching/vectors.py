"""Unit vectors to search, the same in every process that asks with the same seed."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Data = Literal["random", "tied", "clustered"]
"""`random`: directions drawn uniformly. `tied`: each gallery row occurs 16 times. `clustered`:
256 rows about each of some directions, at cosines of about 0.96, as neighbouring tiles lie."""

Floats = NDArray[np.float32]

_ROWS = 4096
_COPIES = 16
_CLUSTER_ROWS = 256
_CLUSTER_NOISE = 0.2


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


def _random(queries: int, gallery: int, dim: int, seed: int) -> tuple[Floats, Floats]:
    return unit_vectors(queries, dim, seed + 1), unit_vectors(gallery, dim, seed)


def _tied(queries: int, gallery: int, dim: int, seed: int) -> tuple[Floats, Floats]:
    distinct = unit_vectors(-(-gallery // _COPIES), dim, seed)
    return unit_vectors(queries, dim, seed + 1), np.tile(distinct, (_COPIES, 1))[:gallery]


def _clustered(queries: int, gallery: int, dim: int, seed: int) -> tuple[Floats, Floats]:
    centres = unit_vectors(-(-gallery // _CLUSTER_ROWS), dim, seed)
    near = np.arange(gallery) // _CLUSTER_ROWS
    asked = np.random.default_rng(seed).integers(len(centres), size=queries)
    return _around(centres, asked, seed + 1), _around(centres, near, seed + 2)


def _around(centres: Floats, which: NDArray[np.int64], seed: int) -> Floats:
    vectors = unit_vectors(len(which), centres.shape[1], seed)
    for start in range(0, len(which), _ROWS):
        part = vectors[start : start + _ROWS]
        part *= _CLUSTER_NOISE
        part += centres[which[start : start + _ROWS]]
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


VECTORS: dict[Data, Callable[[int, int, int, int], tuple[Floats, Floats]]] = {
    "random": _random,
    "tied": _tied,
    "clustered": _clustered,
}
"""By name: from Q, N, D and a seed, the [Q, D] queries and the [N, D] gallery, float32."""
