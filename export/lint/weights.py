"""Numbers that no half holds, and numbers that are none."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from .external import tensors_of
from .finding import Finding
from .scope import decode
from .subject import Subject

HALF_MAX = float(np.finfo(np.float16).max)

_REAL = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE)


def weights(subject: Subject) -> Iterator[Finding]:
    """Look at every weight and constant: finite, and within half's range."""
    for name, tensor in tensors_of(subject.source.model):
        values = decode(tensor) if tensor.data_type in _REAL else None
        if values is None or not values.size:
            continue
        largest = float(np.abs(values).max())  # NaN and infinity stay what they are
        if not np.isfinite(largest):
            yield _not_finite(name, values)
        elif largest > HALF_MAX and tensor.data_type != TensorProto.FLOAT16:
            yield Finding(
                rule="weight-beyond-half",
                severity="advice",
                where=f"tensor {name}",
                what=f"its largest number is {largest:.3g}; half ends at {HALF_MAX:.0f}",
                remedy="Converted to half it would be infinite: keep what uses it in FP32, or "
                "scale it (a mask of -1e9 does as well with -1e4)",
            )


def _not_finite(name: str, values: NDArray[np.generic]) -> Finding:
    finite = np.isfinite(values)
    mask = bool((values[~finite] == -np.inf).all())
    count = int(values.size - finite.sum())
    return Finding(
        rule="weight-not-finite",
        severity="warning" if mask else "error",
        where=f"tensor {name}",
        what=f"{count} of its {values.size} numbers are {'-inf' if mask else 'NaN or infinite'}",
        remedy="A mask does as well with -1e4, and never makes NaN of a row that is all masked"
        if mask
        else "Export a checkpoint that is sound; in half, keep it in FP32: it overflowed",
    )
