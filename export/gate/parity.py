"""Embeddings of an export against the PyTorch reference: cosines, differences, norms."""

import numpy as np
from numpy.typing import NDArray
from pydantic import NonNegativeFloat

from ...runtime.artifact import Artifact
from ...runtime.bundle import Precision
from ...runtime.errors import ShapeError
from ...runtime.preprocess import View


class EmbeddingLimits(Artifact):
    """What an export must keep to."""

    min_cosine: float
    """Smallest cosine to the reference, over all images."""

    max_difference: NonNegativeFloat | None
    """Largest absolute difference of one number; None does not limit it."""

    max_norm_error: NonNegativeFloat = 1e-5
    """Largest distance of an embedding's length from 1: a half-precision head shows here."""


LIMITS: dict[Precision, EmbeddingLimits] = {
    "fp32": EmbeddingLimits(min_cosine=0.99999, max_difference=2e-5),
    "fp16": EmbeddingLimits(min_cosine=0.9995, max_difference=None),
}
"""A cosine alone does not see one weight tensor scaled by 1 %; 2e-5 does."""


class EmbeddingParity(Artifact):
    """How close one branch's graph comes to PyTorch."""

    view: View
    """The branch."""

    precision: Precision
    """The graph."""

    images: int
    """How many were compared."""

    min_cosine: float
    """Of an embedding with its reference, both as they are (not normalised again)."""

    p1_cosine: float
    """First percentile."""

    median_cosine: float
    """Median."""

    max_difference: NonNegativeFloat
    """Largest absolute difference of one number."""

    max_norm_error: NonNegativeFloat
    """Largest distance of a length from 1."""

    def faults(self) -> list[str]:
        """Say what passes the limits of this precision, one sentence each."""
        limits = LIMITS[self.precision]
        where = f"embedding level: {self.view} {self.precision}"
        found = []
        if not self.min_cosine >= limits.min_cosine:
            found.append(f"{where}: min cosine {self.min_cosine:.7f} < {limits.min_cosine}")
        if limits.max_difference is not None and not self.max_difference <= limits.max_difference:
            found.append(f"{where}: difference {self.max_difference:.2e} > {limits.max_difference}")
        if not self.max_norm_error <= limits.max_norm_error:
            found.append(
                f"{where}: norm off 1 by {self.max_norm_error:.2e} > {limits.max_norm_error}"
            )
        return found


def compare(
    view: View,
    precision: Precision,
    reference: NDArray[np.float32],
    exported: NDArray[np.float32],
) -> EmbeddingParity:
    """
    Compare embeddings of the same images, in float64.

    Args:
        view: the branch.
        precision: the graph.
        reference: [N, D] float32, PyTorch's. N ≥ 1.
        exported: [N, D] float32, the graph's.

    Raises:
        ShapeError: the two do not have one shape.

    """
    if reference.shape != exported.shape:
        raise ShapeError("exported embeddings", str(reference.shape), str(exported.shape))
    a, b = reference.astype(np.float64), exported.astype(np.float64)
    norms = np.linalg.norm(b, axis=1)
    cosines = np.einsum("nd,nd->n", a, b) / (np.linalg.norm(a, axis=1) * norms)
    return EmbeddingParity(
        view=view,
        precision=precision,
        images=len(a),
        min_cosine=float(cosines.min()),
        p1_cosine=float(np.percentile(cosines, 1)),
        median_cosine=float(np.median(cosines)),
        max_difference=float(np.abs(a - b).max()),
        max_norm_error=float(np.abs(norms - 1.0).max()),
    )
