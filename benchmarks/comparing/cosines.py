"""How near B's embeddings are to A's."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.bundle import Bundle
from ...runtime.preprocess import VIEWS, View


def min_cosines(bundles: tuple[Bundle, Bundle], a: Path, b: Path) -> dict[View, float]:
    """
    Compare embeddings that two processes left, of the same images.

    Args:
        bundles: A and B.
        a: folder of A's `<view>.npy`, [B, D] float32, unit rows.
        b: folder of B's.

    Returns:
        By view, the least cosine; see `comparable`.

    """
    return {
        view: min_cosine(np.load(a / f"{view}.npy"), np.load(b / f"{view}.npy"))
        for view in comparable(bundles)
    }


def comparable(bundles: tuple[Bundle, Bundle]) -> tuple[View, ...]:
    """List the views whose embeddings compare: equal preprocessing, and equal length."""
    a, b = bundles
    if a.manifest.embedding_dim != b.manifest.embedding_dim:
        return ()
    return tuple(view for view in VIEWS if a.preprocess(view) == b.preprocess(view))


def min_cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Take the least cosine of rows, [n, D] float32 of unit length."""
    return float(np.einsum("nd,nd->n", a, b, dtype=np.float64).min())
