"""
How far a scanned score may lie from the exact one: bounds of the arithmetic that runs.

A scan rounds its inputs (or takes them as they are), multiplies and adds. Each step errs by a
known share at most (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..embeddings import NORM_TOLERANCE

ScanPrecision = Literal["fp32", "bf16"]
"""What a scan multiplies in."""

ScanChoice = Literal["auto", "fp32", "bf16"]
"""What a caller asks for; `auto` is the fastest that the backend has here."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rounding:
    """The arithmetic of a scan, as far as its error is concerned."""

    precision: ScanPrecision
    """Its name."""

    input_unit: float
    """Largest relative error of an input as it is taken; 0 where it is taken as it is."""

    step_unit: float
    """Largest relative error of one step of the sum."""

    steps: int
    """Steps a component costs at most: its product, its addition, or both in one."""

    def taken(self, vectors: Floats) -> Floats:
        """Return vectors as the product takes them: themselves, or rounded to bfloat16."""
        return to_bf16(vectors) if self.input_unit else vectors

    def sum_error(self, dim: int) -> float:
        """
        Bound the error of a sum of D products, relative to the product of both lengths.

        Holds for any order of summation, with and without fused multiply-add.
        """
        roundings = (self.steps * dim + 1) * self.step_unit
        return roundings / (1 - roundings)

    def bound(self, queries: Floats) -> NDArray[np.float64]:
        """
        Bound the error of scanned scores: |q·g - t(q)·t(g)| ≤ |q - t(q)||g| + |t(q)||g - t(g)|.

        The queries' own errors |q - t(q)| are measured, which costs little; the gallery's are
        bounded by the unit. Then comes the error of the sum, and last D · 2^-50, which covers the
        float64 re-scoring and numbers so small that a processor takes them for 0 (below 2^-126).

        Args:
            queries: [Q, D]. Any gallery row must have unit length, to within `NORM_TOLERANCE`.

        Returns:
            [Q] float64, the largest possible distance between scanned and re-scored value. At
            1,024-d 6.1e-5 in FP32 and, for most queries, 5.8e-3 in bfloat16.

        """
        dim = queries.shape[1]
        taken = self.taken(queries).astype(np.float64)
        longest = (1 + NORM_TOLERANCE) * (1 + 2.0**-40)  # the lengths below are rounded, too
        lengths = np.sqrt(np.einsum("qd,qd->q", taken, taken)) * longest
        taken -= queries
        moved = np.sqrt(np.einsum("qd,qd->q", taken, taken)) * longest
        share = self.input_unit + (1 + self.input_unit) * self.sum_error(dim)
        bounds: NDArray[np.float64] = moved + lengths * share + dim * 2.0**-50
        return bounds


FP32 = Rounding("fp32", input_unit=0.0, step_unit=2.0**-24, steps=1)
"""IEEE single precision, round to nearest. TF32 must be off."""

BF16 = Rounding("bf16", input_unit=2.0**-8, step_unit=2.0**-23, steps=2)
"""
Inputs rounded to bfloat16 (8 significant bits, to nearest: 2^-8), sums in FP32.

How an FP32 sum of bfloat16 products rounds differs by processor: x86's VDPBF16PS to nearest, in two
steps a pair (Intel SDM); Arm's BFDOT to odd. 2^-23 and two steps a component cover both.
"""


def to_bf16(vectors: Floats) -> Floats:
    """
    Round to bfloat16, to nearest with ties to even.

    Args:
        vectors: any shape, finite.

    Returns:
        The rounded numbers as float32, which holds each bfloat16.

    """
    bits = vectors.view(np.uint32)
    odd = (bits >> np.uint32(16)) & np.uint32(1)
    rounded = (bits + np.uint32(0x7FFF) + odd) & np.uint32(0xFFFF0000)
    return rounded.view(np.float32)
