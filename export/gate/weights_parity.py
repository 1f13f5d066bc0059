"""Every weight of an exported graph against the graphs that it came from."""

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

Weights = dict[str, NDArray[np.generic]]

FOLDED = 1e-5
"""Relative to the largest number of a weight: what another machine's sums move constants by that
were folded at export (NEC and the normalised maps)."""


def changed_weights(
    model: onnx.ModelProto, sources: Sequence[onnx.ModelProto], tolerance: float = 0.0
) -> list[str]:
    """
    List a graph's weights that are those of no source.

    A tensor scaled by 1 % moves FP16 embeddings less than FP16 itself does: only the weights
    show it.

    Args:
        model: the graph under test. A half weight must be a source's weight, rounded.
        sources: FP32 graphs. A weight that none of them holds counts as changed.
        tolerance: allowed difference, as a share of the weight's largest number.

    Returns:
        Names, in the graph's order.

    """
    known = [_weights(source) for source in sources]
    changed = []
    for name, found in _weights(model).items():
        origin = name.removesuffix(".half")
        if not any(_same(one[origin], found, tolerance) for one in known if origin in one):
            changed.append(name)
    return changed


def _same(source: NDArray[np.generic], found: NDArray[np.generic], tolerance: float) -> bool:
    expected = source.astype(found.dtype)
    if tolerance == 0.0 or not np.issubdtype(found.dtype, np.floating):
        return np.array_equal(expected, found)
    if expected.shape != found.shape:
        return False
    allowed = tolerance * np.abs(expected).max(initial=0.0)
    return bool(np.all(np.abs(expected - found) <= allowed))


def _weights(model: onnx.ModelProto) -> Weights:
    return {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
