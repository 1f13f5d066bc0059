"""What OpenVINO alone does; what it shares with other backends is in test_backend_contract."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("openvino", reason="pip install '.[openvino]'")

from clnet.runtime.backends import open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.errors import ArtifactError, ConfigError
from clnet.runtime.openvino_backend import OpenVinoBackend
from clnet.runtime.openvino_core import has_bf16, open_core
from clnet.runtime.preprocess import Preprocess

GROUND = Preprocess(view="ground", height=16, width=32)

Write = Callable[..., Path]


def images(count: int) -> Any:
    return np.random.default_rng(0).integers(0, 256, (count, 16, 32, 3), dtype=np.uint8)


def write_uint8_branch(path: Path) -> Path:
    """A branch that takes pixels: the mean colour of each quarter, as a unit vector."""
    from onnx import TensorProto, helper, save

    nodes = [
        helper.make_node("Cast", ["images"], ["a"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["a"], ["b"], perm=[0, 3, 1, 2]),
        helper.make_node("AveragePool", ["b"], ["c"], kernel_shape=[8, 16], strides=[8, 16]),
        helper.make_node("Flatten", ["c"], ["d"]),
        helper.make_node("LpNormalization", ["d"], ["embeddings"], axis=1, p=2),
    ]
    given = helper.make_tensor_value_info("images", TensorProto.UINT8, ["B", 16, 32, 3])
    result = helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["B", 12])
    graph = helper.make_graph(nodes, "branch", [given], [result])
    opset = [helper.make_opsetid("", 20)]
    save(helper.make_model(graph, opset_imports=opset, ir_version=10), path)
    return path


def test_a_graph_may_take_pixels(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="clnet[export]")
    branch = OpenVinoBackend(write_uint8_branch(tmp_path / "branch.onnx"), GROUND)
    pixels = images(3)

    quarters = pixels.reshape(3, 2, 8, 2, 16, 3).mean(axis=(2, 4), dtype=np.float64)
    means = quarters.transpose(0, 3, 1, 2).reshape(3, 12)
    expected = means / np.linalg.norm(means, axis=1, keepdims=True)

    np.testing.assert_allclose(branch.embed(pixels), expected, atol=1e-6)


def test_fp32_is_what_it_computes_in_unless_bf16_is_asked_for(tiny_bundle: Bundle) -> None:
    core = open_core()
    if not has_bf16(core):
        pytest.skip("this processor has no bf16 products")
    pixels = images(4)

    unasked, fp32, bf16 = (
        open_backend(tiny_bundle, "ground", "openvino", precision).embed(pixels)
        for precision in (None, "fp32", "bf16")
    )

    np.testing.assert_array_equal(unasked, fp32)
    assert np.abs(bf16 - fp32).max() > 1e-5
    np.testing.assert_allclose((bf16 * fp32).sum(axis=1), 1, atol=1e-4)


def test_lengths_stay_one_in_bf16(tiny_bundle: Bundle) -> None:
    if not has_bf16(open_core()):
        pytest.skip("this processor has no bf16 products")

    embeddings = open_backend(tiny_bundle, "ground", "openvino", "bf16").embed(images(32))

    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "precision", "message"),
    [
        ("openvino", "fp16", "openvino does not compute in fp16: take fp32 or bf16"),
        ("onnxruntime", "bf16", "onnxruntime does not compute in bf16: .* the backend openvino"),
        ("tensorrt", "bf16", "tensorrt does not compute in bf16"),
    ],
)
def test_a_precision_that_a_backend_has_not_is_refused(
    tiny_bundle: Bundle, name: Any, precision: Any, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        open_backend(tiny_bundle, "ground", name, precision)


def test_a_manifest_of_another_dimension_is_refused(tiny_bundle: Bundle) -> None:
    manifest = tiny_bundle.manifest.model_copy(update={"embedding_dim": 99})

    with pytest.raises(ArtifactError, match="gives 16 numbers, the manifest says 99"):
        open_backend(Bundle(tiny_bundle.path, manifest), "ground", "openvino")
