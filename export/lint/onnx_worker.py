"""The process that calls onnx: `python -m clnet.export.lint.onnx_worker MODEL FOLDER`."""

import sys
from pathlib import Path

import onnx

from .onnx_opinion import ANSWER, COMPUTED, DECLARED, TYPED, Verdicts

_REFUSALS = (
    onnx.checker.ValidationError,
    onnx.shape_inference.InferenceError,
    ValueError,
    RuntimeError,
)
"""What onnx raises for a graph it refuses (also UnicodeDecodeError, which is a ValueError)."""


def main(path: Path, folder: Path) -> int:
    """Check MODEL; infer FOLDER/declared.onnx; write what comes of it to FOLDER."""
    declared = onnx.ModelProto.FromString((folder / DECLARED).read_bytes())
    checker = inference = None
    try:
        onnx.checker.check_model(str(path))
    except _REFUSALS as error:
        checker = _one_line(error)
    try:
        _infer(_undeclared(declared), folder / COMPUTED, strict=True)
        _infer(declared, folder / TYPED, strict=True)
    except _REFUSALS as error:
        inference = _one_line(error)
        _infer_leniently(declared, folder / TYPED)
    Verdicts(checker=checker, inference=inference).write(folder / ANSWER)
    return 0


def _infer(model: onnx.ModelProto, path: Path, *, strict: bool) -> None:
    typed = onnx.shape_inference.infer_shapes(model, strict_mode=strict, data_prop=True)
    path.write_bytes(typed.SerializeToString())


def _infer_leniently(model: onnx.ModelProto, path: Path) -> None:
    try:
        _infer(model, path, strict=False)
    except _REFUSALS:
        return  # the strict verdict says why; the types are those that the file declares


def _undeclared(model: onnx.ModelProto) -> onnx.ModelProto:
    """Copy a model without what it says of its own tensors and outputs."""
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    del bare.graph.value_info[:]
    for output in bare.graph.output:
        output.type.tensor_type.ClearField("shape")
    return bare


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(". ")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
