"""The graph of the exact top-K: one product and one TopK, in FP32."""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from ..runtime.atomic import file_written_aside

_IR_VERSION = 10
"""What ONNX Runtime 1.18 and TensorRT 10.3 read; newer ones read it too."""


def write_matcher(path: Path, dim: int, opset: int = 20) -> None:
    """
    Write the matcher.

    Inputs: `queries` [Q, D] float32, `gallery` [N, D] float32, `k` [1] int64, 1 ≤ k ≤ N.
    Outputs: `scores` [Q, K] float32, never increasing along K, and `rows` [Q, K] int64, row
    numbers in `gallery`; and `probe` [1] float32, the sum of the first query's N scores, which
    is not finite where any number of `gallery` is not (TopK would drop such a row in silence).

    Args:
        path: the ONNX file; written aside and renamed.
        dim: D, the length of one embedding.
        opset: ONNX operator set.

    Raises:
        ArtifactError: the file cannot be written.

    """
    model = helper.make_model(
        _graph(dim),
        opset_imports=[helper.make_opsetid("", opset)],
        ir_version=_IR_VERSION,
        producer_name="clnet",
    )
    onnx.checker.check_model(model, full_check=True)
    with file_written_aside(path) as aside:
        aside.write_bytes(model.SerializeToString())


def _graph(dim: int) -> onnx.GraphProto:
    nodes = [
        helper.make_node("Gemm", ["queries", "gallery"], ["product"], name="product", transB=1),
        helper.make_node(
            "TopK", ["product", "k"], ["scores", "rows"], name="top", axis=1, largest=1, sorted=1
        ),
        helper.make_node("Slice", ["product", "zero", "one", "zero"], ["first"], name="first"),
        helper.make_node("ReduceSum", ["first", "axis"], ["probe"], name="probe", keepdims=0),
    ]
    inputs = [
        helper.make_tensor_value_info("queries", TensorProto.FLOAT, ["Q", dim]),
        helper.make_tensor_value_info("gallery", TensorProto.FLOAT, ["N", dim]),
        helper.make_tensor_value_info("k", TensorProto.INT64, [1]),
    ]
    outputs = [
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["Q", "K"]),
        helper.make_tensor_value_info("rows", TensorProto.INT64, ["Q", "K"]),
        helper.make_tensor_value_info("probe", TensorProto.FLOAT, [1]),
    ]
    constants = [
        helper.make_tensor(name, TensorProto.INT64, [1], [value])
        for name, value in (("zero", 0), ("one", 1), ("axis", 1))
    ]
    return helper.make_graph(nodes, "matcher", inputs, outputs, initializer=constants)
