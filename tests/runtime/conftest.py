"""Small pictures, a branch without torch, and a bundle of two such branches."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from simulated_cuda import SimulatedDevice
from simulated_engines import CAPABILITY, add_engines
from simulated_store import SimulatedStore, simulated_store
from simulated_tensorrt import module_on

from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import Bundle, FileRecord, Manifest
from clnet.runtime.preprocess import Preprocess, View

DIM = 16
SIZES: dict[View, tuple[int, int]] = {"ground": (16, 32), "satellite": (16, 16)}


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """Write a picture of smooth noise; the suffix decides the format."""

    def write(
        name: str = "picture.png", *, seed: int = 0, height: int = 24, width: int = 36
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        coarse = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
        assert cv2.imwrite(str(path), cv2.resize(coarse, (width, height)))
        return path

    return write


@pytest.fixture
def unit_rows() -> Callable[..., NDArray[np.float32]]:
    """Draw rows of unit length."""

    def draw(count: int, dim: int = DIM, seed: int = 0) -> NDArray[np.float32]:
        rows = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    return draw


@pytest.fixture(scope="session")
def write_branch() -> Callable[..., Path]:
    """Write a branch: 4 x 4 average pooling, a random projection, L2 (or what `last` says)."""
    pytest.importorskip("onnx", reason="a branch is written with onnx: clnet[export]")
    from onnx import TensorProto, helper, numpy_helper, save

    def write(
        path: Path,
        view: View = "ground",
        *,
        batch: int | str = "B",
        seed: int = 0,
        last: str = "LpNormalization",
        output: str = "embeddings",
    ) -> Path:
        height, width = SIZES[view]
        shape = (3 * height * width // 16, DIM)
        weights = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
        arguments = {"axis": 1, "p": 2} if last == "LpNormalization" else {}
        nodes = [
            helper.make_node("AveragePool", ["images"], ["a"], kernel_shape=[4, 4], strides=[4, 4]),
            helper.make_node("Flatten", ["a"], ["b"]),
            helper.make_node("MatMul", ["b", "weights"], ["c"]),
            helper.make_node(last, ["c"], [output], **arguments),
        ]
        images = helper.make_tensor_value_info(
            "images", TensorProto.FLOAT, [batch, 3, height, width]
        )
        embeddings = helper.make_tensor_value_info(output, TensorProto.FLOAT, [batch, DIM])
        graph = helper.make_graph(
            nodes, "branch", [images], [embeddings], [numpy_helper.from_array(weights, "weights")]
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        opset = [helper.make_opsetid("", 20)]
        save(helper.make_model(graph, opset_imports=opset, ir_version=10), path)
        return path

    return write


@pytest.fixture(scope="session")
def write_bundle(write_branch: Callable[..., Path]) -> Callable[..., Path]:
    """Write a whole bundle; both branches share one random seed."""

    def write(path: Path, *, space: str = "a" * 32, last: str = "LpNormalization") -> Path:
        from clnet.export.matcher_graph import write_matcher

        for seed, (view, (height, width)) in enumerate(SIZES.items()):
            write_branch(path / view / "model.fp32.onnx", view, seed=seed, last=last)
            preprocess = Preprocess(view=view, height=height, width=width)
            preprocess.write(path / view / "preprocess.json")
        write_matcher(path / "matcher.onnx", DIM)
        files = {
            file.relative_to(path).as_posix(): FileRecord(
                sha256=sha256_of(file), size_bytes=file.stat().st_size
            )
            for file in path.rglob("*")
            if file.is_file()
        }
        Manifest(
            embedding_space_id=space,
            embedding_dim=DIM,
            precision="fp32",
            network={},
            source_checkpoint_sha256="0" * 64,
            opset=20,
            retrieval="not measured",
            versions={},
            files=files,
        ).write(path / "manifest.json")
        return path

    return write


@pytest.fixture(scope="session")
def tiny_bundle(
    write_bundle: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Bundle:
    return Bundle.open(write_bundle(tmp_path_factory.mktemp("bundle")))


@pytest.fixture(scope="session")
def store() -> Iterator[SimulatedStore]:
    """An S3 store; what runs in this process must be told its `environment`."""
    with simulated_store() as running:
        yield running


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedDevice]:
    """A simulated GPU with a simulated TensorRT; everything taken from it must come back."""
    pytest.importorskip("onnxruntime", reason="the simulated TensorRT runs graphs with it")
    device = SimulatedDevice()
    monkeypatch.setitem(sys.modules, "tensorrt", module_on(device))
    monkeypatch.setattr("clnet.runtime.engine.gpu.compute_capability", lambda: CAPABILITY)
    for user in ("tensorrt_backend", "scanning.tensorrt_scanner"):
        monkeypatch.setattr(f"clnet.runtime.{user}.open_device", lambda *_: device)
    yield device
    assert device.held == 0, f"{device.held} things were taken from the GPU and not given back"


@pytest.fixture
def engine_bundle(tiny_bundle: Bundle, tmp_path: Path) -> Bundle:
    """A bundle with engines of all parts for the simulated GPU."""
    folder = tmp_path / "engine_bundle"
    shutil.copytree(tiny_bundle.path, folder)
    bundle = Bundle.open(folder)
    add_engines(bundle)
    return bundle
