"""The TensorRT backend on a simulated GPU that shows wrong buffers, copies, shapes and waits."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from simulated_cuda import STEP_S, DeviceArray, SimulatedDevice
from simulated_engines import add_branch

from clnet.runtime.backends import open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.engine.sidecar import engine_path
from clnet.runtime.errors import ArtifactError, DeviceFailed, ShapeError
from clnet.runtime.tensorrt_backend import TensorRTBackend

Floats = NDArray[np.float32]


@pytest.fixture
def bundle(engine_bundle: Bundle) -> Bundle:
    for path in engine_bundle.path.rglob("engines/*"):
        path.unlink()
    return engine_bundle


def opened(bundle: Bundle, **changes: Any) -> TensorRTBackend:
    add_branch(bundle, "ground", **changes)
    backend = open_backend(bundle, "ground", "tensorrt")
    assert isinstance(backend, TensorRTBackend)
    return backend


def images(count: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 16, 32, 3), dtype=np.uint8)


def expected(bundle: Bundle, batch: NDArray[np.uint8]) -> Floats:
    with open_backend(bundle, "ground", "onnxruntime") as reference:
        return reference.embed(batch)


@pytest.fixture
def uint8_graph(tmp_path: Path) -> Path:
    """A branch that takes [B, 16, 32, 3] uint8 and normalises inside, as `ground` of the bundle."""
    onnx: Any = pytest.importorskip("onnx", reason="the graph is made with onnx: clnet[export]")
    node, kinds = onnx.helper.make_node, onnx.TensorProto
    weights = np.random.default_rng(0).standard_normal((3 * 16 * 32, 16)).astype(np.float32)
    nodes = [
        node("Cast", ["images"], ["wide"], to=kinds.FLOAT),
        node("Flatten", ["wide"], ["flat"]),
        node("MatMul", ["flat", "weights"], ["product"]),
        node("LpNormalization", ["product"], ["embeddings"], axis=1, p=2),
    ]
    given = onnx.helper.make_tensor_value_info("images", kinds.UINT8, ["B", 16, 32, 3])
    result = onnx.helper.make_tensor_value_info("embeddings", kinds.FLOAT, ["B", 16])
    constant = onnx.numpy_helper.from_array(weights, "weights")
    graph = onnx.helper.make_graph(nodes, "branch", [given], [result], [constant])
    opset = [onnx.helper.make_opsetid("", 20)]
    path = tmp_path / "uint8.onnx"
    onnx.save(onnx.helper.make_model(graph, opset_imports=opset, ir_version=10), path)
    return path


@pytest.mark.parametrize("classes", [[(1, 1, 1), (1, 4, 4), (1, 8, 8)], [(1, 4, 8)], [(4, 4, 4)]])
@pytest.mark.parametrize("count", [1, 3, 4, 8, 9, 21])
def test_every_batch_embeds_as_the_graph_does(
    bundle: Bundle, gpu: SimulatedDevice, classes: list[tuple[int, int, int]], count: int
) -> None:
    batch = images(count)

    with opened(bundle, classes=classes) as backend:
        found = backend.embed(batch)

    np.testing.assert_allclose(found, expected(bundle, batch), atol=1e-6)
    assert gpu.counts.launches > 0


def test_a_tail_equals_the_same_rows_of_a_full_batch(bundle: Bundle, gpu: SimulatedDevice) -> None:
    with opened(bundle, classes=[(1, 8, 8)]) as backend:
        full = backend.embed(images(8))

        np.testing.assert_array_equal(backend.embed(images(8)[:5]), full[:5])
    assert gpu.counts.captures == 1


def test_nothing_is_allocated_after_the_first_call_of_a_class(
    bundle: Bundle, gpu: SimulatedDevice
) -> None:
    with opened(bundle) as backend:
        taken = gpu.counts.allocations
        for count in (1, 4, 8, 20, 7):
            backend.embed(images(count))

        assert gpu.counts.allocations == taken


def test_each_class_has_one_context_and_one_graph(bundle: Bundle, gpu: SimulatedDevice) -> None:
    import tensorrt

    with opened(bundle) as backend:
        for _ in range(3):
            for count in (1, 3, 8, 17):
                backend.embed(images(count))

        assert gpu.counts.captures == 3
        assert tensorrt.engines[-1].contexts == 3


def test_graphs_of_several_classes_do_not_disturb_each_other(
    bundle: Bundle, gpu: SimulatedDevice
) -> None:
    with opened(bundle) as backend:
        for count in (8, 1, 4, 1, 8):
            batch = images(count, seed=count)
            np.testing.assert_allclose(backend.embed(batch), expected(bundle, batch), atol=1e-6)
    assert gpu.counts.captures == 3


def test_a_device_without_graphs_embeds_the_same(bundle: Bundle, gpu: SimulatedDevice) -> None:
    gpu.captures = False

    with opened(bundle) as backend:
        found = backend.embed(images(11))

    np.testing.assert_allclose(found, expected(bundle, images(11)), atol=1e-6)
    assert (gpu.counts.captures, gpu.counts.launches) == (0, 0)


def test_a_uint8_engine_gets_the_images_as_they_are(
    bundle: Bundle, gpu: SimulatedDevice, uint8_graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "clnet.runtime.engine.compatibility._of_the_bundle", lambda *_: []
    )  # the graph is not the bundle's own
    batch = images(4)
    with opened(bundle, graph=uint8_graph, uint8=True) as backend:
        backend.embed(batch)
        gpu.counts.copied_bytes = 0

        found = backend.embed(batch)

    assert backend.input_dtype == "uint8"
    assert gpu.counts.copied_bytes == batch.nbytes + found.nbytes
    import onnxruntime

    session = onnxruntime.InferenceSession(uint8_graph)
    np.testing.assert_allclose(found, session.run(None, {"images": batch})[0], atol=1e-6)


@pytest.mark.parametrize("count", [1, 3, 8, 13])
def test_images_on_the_gpu_are_read_where_they_lie(
    bundle: Bundle, gpu: SimulatedDevice, count: int
) -> None:
    pytest.importorskip("cuda.core", reason="zero-copy needs cuda-core: clnet[tensorrt]")
    with opened(bundle) as backend:
        array = DeviceArray(gpu, backend.preprocess.tensor(images(count)))
        gpu.counts.copied_bytes = 0

        found = backend.embed_device(array)

        assert gpu.counts.copied_bytes == found.nbytes  # the results alone moved
        array.free()
    np.testing.assert_allclose(found, expected(bundle, images(count)), atol=1e-6)


@pytest.mark.parametrize(
    ("classes", "offset"), [([(1, 8, 8)], 4), ([(4, 4, 4)], 0), ([(4, 4, 4)], 128)]
)
def test_what_the_engine_cannot_read_in_place_is_copied_on_the_gpu(
    bundle: Bundle, gpu: SimulatedDevice, classes: list[tuple[int, int, int]], offset: int
) -> None:
    pytest.importorskip("cuda.core", reason="zero-copy needs cuda-core: clnet[tensorrt]")
    with opened(bundle, classes=classes) as backend:
        array = DeviceArray(gpu, backend.preprocess.tensor(images(6)), offset=offset)

        found = backend.embed_device(array)

        array.free()
    np.testing.assert_allclose(found, expected(bundle, images(6)), atol=1e-6)


def test_zero_copy_and_graphs_take_turns(bundle: Bundle, gpu: SimulatedDevice) -> None:
    pytest.importorskip("cuda.core", reason="zero-copy needs cuda-core: clnet[tensorrt]")
    with opened(bundle) as backend:
        array = DeviceArray(gpu, backend.preprocess.tensor(images(4)))
        for _ in range(2):
            first, second = backend.embed(images(4, seed=1)), backend.embed_device(array)
        array.free()

    np.testing.assert_allclose(first, expected(bundle, images(4, seed=1)), atol=1e-6)
    np.testing.assert_allclose(second, expected(bundle, images(4)), atol=1e-6)


def test_an_empty_batch_on_the_gpu_is_refused(bundle: Bundle, gpu: SimulatedDevice) -> None:
    pytest.importorskip("cuda.core", reason="zero-copy needs cuda-core: clnet[tensorrt]")
    with opened(bundle) as backend:
        array = DeviceArray(gpu, np.empty((0, 3, 16, 32), np.float32))
        with pytest.raises(ShapeError, match="at least one image"):
            backend.embed_device(array)
        array.free()


def test_a_gpu_without_room_says_so_and_keeps_nothing(bundle: Bundle, gpu: SimulatedDevice) -> None:
    gpu.memory_bytes = 60_000

    with pytest.raises(DeviceFailed, match="cudaErrorMemoryAllocation: out of memory"):
        opened(bundle)
    assert gpu.held == 0


def test_an_engine_that_tensorrt_refuses_is_an_error_in_its_words(
    bundle: Bundle, gpu: SimulatedDevice
) -> None:
    record = add_branch(bundle, "ground")
    path = engine_path(bundle.engines("ground"), record.key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clnet.runtime.engine.selection.read_verified", lambda *_: record)
        path.write_bytes(b"not an engine")
        with pytest.raises(DeviceFailed, match=r"loading .*: TensorRT: .*magic tag mismatch"):
            open_backend(bundle, "ground", "tensorrt")


def test_an_engine_that_is_not_what_its_record_says_is_refused(
    bundle: Bundle, gpu: SimulatedDevice, write_branch: Callable[..., Path], tmp_path: Path
) -> None:
    satellite = write_branch(tmp_path / "satellite.onnx", "satellite")
    digest = bundle.manifest.files["ground/model.fp32.onnx"].sha256

    with pytest.raises(ArtifactError, match=r"not what its record says: .*float \[-1, 3, 16, 16\]"):
        opened(bundle, graph=satellite, onnx_sha256=digest)


def test_an_engine_of_another_precision_than_its_record_says_is_refused(
    bundle: Bundle, gpu: SimulatedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = {"Name": "gemm", "LayerType": "gemm", "Inputs": [{"Format/Datatype": "Half"}]}
    text = json.dumps({"Layers": [{**half, "Outputs": half["Inputs"]}]})
    monkeypatch.setattr("simulated_tensorrt.INSPECTED", text)

    with pytest.raises(ArtifactError, match=r"asked for fp32, but .* computes in half"):
        opened(bundle)


def test_a_shape_that_tensorrt_refuses_is_an_error_in_its_words(
    bundle: Bundle, gpu: SimulatedDevice
) -> None:
    with opened(bundle) as backend:
        with pytest.raises(DeviceFailed, match=r"set_input_shape.*outside profile"):
            backend._runner._context(0).shape("images", (99, 3, 16, 32))


@pytest.mark.parametrize("captures", [True, False])
@pytest.mark.parametrize(("count", "kernels"), [(1, 1), (3, 1), (21, 3)])
def test_a_resident_batch_runs_the_network_alone_between_two_events(
    bundle: Bundle, gpu: SimulatedDevice, captures: bool, count: int, kernels: int
) -> None:
    gpu.captures = captures
    with opened(bundle) as backend:
        run = backend.resident(images(count))
        gpu.counts.copied_bytes = 0

        run()
        run()

        assert gpu.counts.copied_bytes == 0
        # The start's time is taken after its own step, the end's after the kernels.
        assert run.device_s() == pytest.approx((kernels + 1) * STEP_S)


def test_embedding_goes_on_beside_a_resident_batch(bundle: Bundle, gpu: SimulatedDevice) -> None:
    batch = images(4, seed=1)
    with opened(bundle) as backend:
        run = backend.resident(images(8))
        run()
        found = backend.embed(batch)
        run()

    np.testing.assert_allclose(found, expected(bundle, batch), atol=1e-6)


def test_an_empty_resident_batch_is_refused(bundle: Bundle, gpu: SimulatedDevice) -> None:
    with opened(bundle) as backend, pytest.raises(ShapeError, match="at least one image"):
        backend.resident(images(0))
