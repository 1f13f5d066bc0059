"""How far the numbers of a graph reach on real images: the ground on which half is allowed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper

from ..runtime.closing import Closing
from ..runtime.embedder import embed_every
from ..runtime.errors import EmbeddingError
from ..runtime.item import Item
from ..runtime.onnxruntime_session import session_options
from ..runtime.preprocess import Preprocess
from ..runtime.progress import Progress, silent
from .findings import Peaks
from .graph import INPUT, OUTPUT
from .half_simulation import MOVES_ONLY
from .tensor_types import tensor_types

BATCH = 8
"""Images in one run; ConvNeXt-Tiny at 384² then takes 1.5 GB."""


def calibrate(
    model: onnx.ModelProto,
    preprocess: Preprocess,
    files: Sequence[Path],
    progress: Progress = silent,
) -> Peaks:
    """
    Run an FP32 branch and record the largest absolute value of each of its tensors.

    Images are decoded, fitted and normalised by the runtime's own code.

    Args:
        model: a graph of `export_branch`; not changed.
        preprocess: the branch's.
        files: at least one image.
        progress: told about every image.

    Raises:
        DataError: an image cannot be read.
        EmbeddingError: a tensor is not finite in FP32 already; it is named.

    """
    with _Recorder(model, preprocess) as recorder:
        items = [Item(str(row), path) for row, path in enumerate(files)]
        embed_every(recorder, items, batch_size=BATCH, progress=progress)
        return recorder.peaks()


class _Recorder(Closing):
    """Implements `Backend`; the largest absolute values are what is left of each run."""

    def __init__(self, model: onnx.ModelProto, preprocess: Preprocess) -> None:
        self.preprocess = preprocess
        self.embedding_dim = model.graph.output[0].type.tensor_type.shape.dim[1].dim_value
        self._model = model
        self._tensors = measured_tensors(model)
        self._largest = np.zeros(len(self._tensors), np.float32)
        self._session = _session(_with_peaks(model, self._tensors))

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        names = [OUTPUT, *map(_peak, self._tensors)]
        feed = {INPUT: self.preprocess.tensor(images)}
        embeddings, *peaks = self._session.run(names, feed)
        self._largest = np.maximum(self._largest, np.stack(peaks))  # keeps a NaN
        return np.asarray(embeddings, np.float32)

    def peaks(self) -> dict[str, float]:
        """Return the largest values, those of tensors that were only moved included."""
        found = dict(zip(self._tensors, map(float, self._largest), strict=True))
        broken = [name for name, peak in found.items() if not np.isfinite(peak)]
        if broken:
            raise EmbeddingError(
                f"calibration: tensor {broken[0]} is not finite in FP32 already ({len(broken)} "
                "in all): these weights do not embed these images; train them again"
            )
        for node in self._model.graph.node:
            if node.op_type in MOVES_ONLY and node.input[0] in found:
                found[node.output[0]] = found[node.input[0]]
        return found


def measured_tensors(model: onnx.ModelProto) -> list[str]:
    """List the input and what nodes write in floating point, without what is only moved."""
    types = tensor_types(model)
    nodes = [node for node in model.graph.node if node.op_type not in MOVES_ONLY]
    written = (name for node in nodes for name in node.output if name in types)
    return [INPUT, *(name for name in written if types[name].kind == TensorProto.FLOAT)]


def _with_peaks(model: onnx.ModelProto, tensors: Sequence[str]) -> onnx.ModelProto:
    """Let a copy return max |x| of each tensor, and not the tensors: memory stays flat."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for name in tensors:
        size, peak = f"{name}.size", _peak(name)
        copy.graph.node.append(helper.make_node("Abs", [name], [size]))
        copy.graph.node.append(helper.make_node("ReduceMax", [size], [peak], keepdims=0))
        copy.graph.output.append(helper.make_tensor_value_info(peak, TensorProto.FLOAT, []))
    return copy


def _peak(tensor: str) -> str:
    return f"{tensor}.peak"


def _session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = session_options()
    # The default order leaves all reductions to the end, and every tensor alive till then:
    # five times the memory, four times the time.
    options.execution_order = onnxruntime.ExecutionOrder.PRIORITY_BASED
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
