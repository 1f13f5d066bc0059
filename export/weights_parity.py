"""Every weight of a half graph against the FP32 graph that it came from."""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

Weights = dict[str, NDArray[np.generic]]


def weight_faults(full: onnx.ModelProto, half: onnx.ModelProto) -> list[str]:
    """
    List weights of the half graph that are not the rounded FP32 ones.

    A tensor scaled by 1 % moves FP16 embeddings less than FP16 itself does: only the weights
    show it.

    Args:
        full: the FP32 graph, itself compared with PyTorch.
        half: the graph under test.

    Returns:
        One sentence a weight.

    """
    expected = _weights(full)
    faults = []
    for name, found in _weights(half).items():
        source = expected.get(name.removesuffix(".half"))
        if source is None:
            faults.append(f"fp16: weight {name} is not in the fp32 graph")
        elif not np.array_equal(source.astype(found.dtype), found):
            faults.append(f"fp16: weight {name} is not the rounded fp32 weight")
    return faults


def _weights(model: onnx.ModelProto) -> Weights:
    return {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
