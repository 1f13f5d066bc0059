"""Small graphs of the shape that export writes: one cast, a ConvNeXt-like body, an FP32 head."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clnet.engines.builder import build_engine
from clnet.runtime import Manifest, Preprocess
from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import FileRecord
from clnet.runtime.engine.sidecar import Sidecar
from clnet.runtime.preprocess import VIEWS

CHANNELS = 16
MakeGraph = Callable[..., Path]


def _unchanged(model: Any) -> None:
    del model


def _weights(onnx: Any, half: bool, seed: int) -> list[Any]:
    rng = np.random.default_rng(seed)
    c = CHANNELS
    shapes = {"stem": (c, 3, 4, 4), "scale": (c,), "shift": (c,), "up": (c, 4 * c)}
    shapes |= {"down": (4 * c, c), "head": (c, c)}
    values: dict[str, np.ndarray[Any, Any]] = {}
    for name, shape in shapes.items():
        kind = np.float16 if half and name != "head" else np.float32
        values[name] = (0.1 * rng.standard_normal(shape)).astype(kind)
    values["pixels"] = np.array([2, 3], np.int64)
    values["dims"] = np.array([1], np.int64)
    values["eps"] = np.array([1e-12], np.float32)
    return [onnx.numpy_helper.from_array(value, name) for name, value in values.items()]


def _nodes(onnx: Any, half: bool, linear_head: bool) -> list[Any]:
    node = onnx.helper.make_node
    kinds = onnx.TensorProto
    pooled = "mapped" if linear_head else "pooled"
    head = [node("MatMul", ["pooled", "head"], ["mapped"], "head_product")] if linear_head else []
    kind = kinds.FLOAT16 if half else kinds.FLOAT
    return [
        node("Cast", ["images"], ["x"], "cast_in", to=kind),
        node("Conv", ["x", "stem"], ["patches"], "stem", kernel_shape=[4, 4], strides=[4, 4]),
        node("Transpose", ["patches"], ["rows"], "to_rows", perm=[0, 2, 3, 1]),
        node("LayerNormalization", ["rows", "scale", "shift"], ["normed"], "norm", epsilon=1e-6),
        node("MatMul", ["normed", "up"], ["wide"], "up"),
        node("Gelu", ["wide"], ["bent"], "gelu"),
        node("MatMul", ["bent", "down"], ["narrow"], "down"),
        node("Transpose", ["narrow"], ["back"], "to_planes", perm=[0, 3, 1, 2]),
        node("Add", ["back", "patches"], ["features"], "residual"),
        node("Cast", ["features"], ["wide_features"], "cast_out", to=kinds.FLOAT),
        node("ReduceMean", ["wide_features", "pixels"], ["pooled"], "pool", keepdims=0),
        *head,
        node("Mul", [pooled, pooled], ["squares"], "square"),
        node("ReduceSum", ["squares", "dims"], ["energy"], "energy", keepdims=1),
        node("Add", ["energy", "eps"], ["safe"], "safe"),
        node("Sqrt", ["safe"], ["length"], "length"),
        node("Div", [pooled, "length"], ["embeddings"], "unit"),
    ]


@pytest.fixture(scope="session")
def make_graph(tmp_path_factory: pytest.TempPathFactory) -> MakeGraph:
    """Write a branch's graph: [batch, 3, H, W] float32 to [batch, 16] float32."""
    onnx: Any = pytest.importorskip("onnx", reason="graphs are made with onnx: clnet[export]")
    folder, numbers = tmp_path_factory.mktemp("graphs"), count()

    def make(
        *,
        half: bool = True,
        linear_head: bool = False,
        batch: int | str = "batch",
        size: tuple[int | str, int | str] = (32, 64),
        seed: int = 0,
        break_it: Callable[[Any], None] = _unchanged,
    ) -> Path:
        helper, kinds = onnx.helper, onnx.TensorProto
        images = helper.make_tensor_value_info("images", kinds.FLOAT, [batch, 3, *size])
        result = helper.make_tensor_value_info("embeddings", kinds.FLOAT, [batch, CHANNELS])
        nodes, weights = _nodes(onnx, half, linear_head), _weights(onnx, half, seed)
        graph = helper.make_graph(nodes, "branch", [images], [result], weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
        onnx.checker.check_model(model, full_check=True)
        break_it(model)
        path = folder / f"{next(numbers)}.onnx"
        path.write_bytes(model.SerializeToString())
        return path

    return make


@pytest.fixture(scope="session")
def rtx() -> None:
    """Skip where TensorRT-RTX is not installed."""
    pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: pip install 'clnet[rtx]'")


@pytest.fixture(scope="session")
def half_graph(make_graph: MakeGraph) -> Path:
    return make_graph()


@pytest.fixture(scope="session")
def half_engine(
    rtx: None, half_graph: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Sidecar]:
    """The folder and record of an engine of `half_graph`; copy the folder before harming it."""
    del rtx
    folder = tmp_path_factory.mktemp("engines")
    record = build_engine(
        half_graph, folder, part="ground", precision="fp16", flavour="tensorrt-rtx"
    )
    return folder, record


def _recorded(path: Path) -> FileRecord:
    return FileRecord(sha256=sha256_of(path), size_bytes=path.stat().st_size)


@pytest.fixture(scope="session")
def small_bundle(make_graph: MakeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of two half branches of 32 x 64 and their matcher; copy it to build in it."""
    from clnet.export.matcher_graph import write_matcher

    bundle, files = tmp_path_factory.mktemp("bundle"), {}
    for seed, view in enumerate(VIEWS):
        (bundle / view).mkdir()
        make_graph(seed=seed).replace(bundle / view / "model.fp16.onnx")
        preprocess = Preprocess(view=view, height=32, width=64)
        preprocess.write(bundle / view / "preprocess.json")
        for name in (f"{view}/model.fp16.onnx", f"{view}/preprocess.json"):
            path = bundle / name
            files[name] = _recorded(path)
    write_matcher(bundle / "matcher.onnx", CHANNELS)
    files["matcher.onnx"] = _recorded(bundle / "matcher.onnx")
    Manifest(
        embedding_space_id="0" * 32,
        embedding_dim=CHANNELS,
        precision="fp16",
        network={},
        source_checkpoint_sha256="0" * 64,
        opset=20,
        retrieval="not measured",
        versions={},
        files=files,
    ).write(bundle / "manifest.json")
    return bundle
