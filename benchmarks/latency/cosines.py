"""How near a method's embeddings come to another's: fast and wrong is no result."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ...runtime.preprocess import VIEWS
from .rows import Method


def min_cosines(
    outputs: Mapping[Method, Path], reference: Method
) -> dict[Method, dict[str, float]]:
    """
    Compare the first embeddings that methods left with those of one of them.

    Args:
        outputs: by method, the folder of `<view>.npy`, [B, D] float32 of the same images.
        reference: one of the methods.

    Returns:
        By method and view, the least cosine over the batch.

    """
    found: dict[Method, dict[str, float]] = {method: {} for method in outputs}
    for view in VIEWS:
        expected = np.load(outputs[reference] / f"{view}.npy")
        for method, folder in outputs.items():
            embeddings = np.load(folder / f"{view}.npy")
            found[method][view] = float((embeddings * expected).sum(axis=1).min())
    return found
