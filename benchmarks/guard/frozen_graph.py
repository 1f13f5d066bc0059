"""
A network that stays as it is: the yardstick of whatever runs a graph.

Its operators are those of a ConvNeXt (patches, depthwise 3x3, LayerNorm, two products with GELU
between them), so that what slows a machine's convolutions slows both alike.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...runtime.atomic import file_written_aside

if TYPE_CHECKING:
    from onnx import NodeProto

SHAPE = (8, 3, 64, 64)
"""Of its input `images`, float32."""

_OPSET = 20
_IR_VERSION = 10
_STEM = 4
_STAGES = ((40, 2), (80, 2), (160, 4), (320, 1))
"""Channels and blocks; each stage but the first halves height and width."""
_WIDENED = 4


def frozen_images() -> NDArray[np.float32]:
    """Draw its input: `SHAPE` float32, normal."""
    return np.random.default_rng(0).standard_normal(SHAPE, dtype=np.float32)


def write_frozen_graph(path: Path) -> None:
    """
    Write the ONNX file: `images` to `features`, the same bytes of weights each time.

    Raises:
        ArtifactError: the file cannot be written.

    """
    from onnx import TensorProto, helper, numpy_helper

    builder = _Builder()
    out = builder.patches("images", 3, _STAGES[0][0], _STEM)
    channels = _STAGES[0][0]
    for width, blocks in _STAGES:
        if width != channels:
            out = builder.patches(out, channels, width, 2)
        channels = width
        for _ in range(blocks):
            out = builder.block(out, channels)
    builder.node("GlobalAveragePool", [out], "features")
    graph = helper.make_graph(
        builder.nodes,
        "frozen",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, SHAPE)],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [SHAPE[0], channels, 1, 1])],
        [numpy_helper.from_array(value, name) for name, value in builder.constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION
    )
    with file_written_aside(path) as aside:
        aside.write_bytes(model.SerializeToString())


class _Builder:
    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, NDArray[np.float32]] = {}
        self._random = np.random.default_rng(0)

    def node(self, kind: str, inputs: list[str], out: str | None = None, **options: Any) -> str:  # noqa: ANN401
        from onnx import helper

        out = out or f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [out], **options))
        return out

    def weight(self, *shape: int) -> str:
        """Draw weights that keep a signal's variance: the last but one or all but the first."""
        fan = shape[0] if len(shape) == 2 else int(np.prod(shape[1:]))
        name = f"w{len(self.constants)}"
        drawn = self._random.standard_normal(shape, dtype=np.float32)
        self.constants[name] = drawn / np.float32(np.sqrt(fan))
        return name

    def ones(self, size: int) -> str:
        name = f"w{len(self.constants)}"
        self.constants[name] = np.ones(size, np.float32)
        return name

    def patches(self, x: str, channels: int, width: int, side: int) -> str:
        weight = self.weight(width, channels, side, side)
        return self.node("Conv", [x, weight], strides=[side, side], kernel_shape=[side, side])

    def block(self, x: str, channels: int) -> str:
        kernel = self.weight(channels, 1, 3, 3)
        out = self.node("Conv", [x, kernel], group=channels, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
        out = self.node("Transpose", [out], perm=[0, 2, 3, 1])
        out = self.node("LayerNormalization", [out, self.ones(channels)], axis=-1)
        out = self.node("MatMul", [out, self.weight(channels, _WIDENED * channels)])
        out = self.node("Gelu", [out])
        out = self.node("MatMul", [out, self.weight(_WIDENED * channels, channels)])
        out = self.node("Transpose", [out], perm=[0, 3, 1, 2])
        return self.node("Add", [x, out])
