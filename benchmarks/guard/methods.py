"""What the guard watches: methods of ours, each beside its yardstick."""

from typing import Literal, get_args

from ...runtime.extras import is_installed

Method = Literal[
    "embed onnxruntime", "embed openvino", "embed files", "fit", "match onnxruntime",
    "match openvino",
]  # fmt: skip
"""
`embed …`: `Backend.embed` of both branches in FP32, 2 images each. `embed files`: `embed_every` of
4 JPEG files. `fit`: `read_image` and `Preprocess.fit` of a panorama and a tile. `match …`: `top_k`
of 64 queries in 8,192 rows.
"""

METHODS: tuple[Method, ...] = get_args(Method)

YARDSTICKS: dict[Method, str] = {
    "embed onnxruntime": "frozen graph, onnxruntime",
    "embed openvino": "frozen graph, openvino",
    "embed files": "cv2 and frozen graph, onnxruntime",
    "fit": "cv2",
    "match onnxruntime": "numpy product",
    "match openvino": "numpy product",
}
"""
What each is divided by: the same libraries without a line of ours between, so that what changes a
ratio is ours. The frozen graph is `frozen_graph.py`'s.
"""

EDITION = 1
"""Counts up with every change to a method's work or to a yardstick: ratios before and after such a
change do not compare."""


def ratio_name(method: Method) -> str:
    """Name a ratio in rows and texts."""
    return f"{method} / {YARDSTICKS[method]}"


def methods_here() -> tuple[Method, ...]:
    """List what can run: those of OpenVINO only where it is installed."""
    return tuple(m for m in METHODS if "openvino" not in m or is_installed("openvino"))
