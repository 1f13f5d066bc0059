"""What only a machine with an NVIDIA GPU, its driver and a flavour of TensorRT can show."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.engines.bundle_engines import build_bundle
from clnet.engines.target import installed_flavours
from clnet.runtime.backends import open_backend, open_matcher
from clnet.runtime.bundle import Bundle
from clnet.runtime.device import Device, open_device
from clnet.runtime.engine.flavour import Flavour
from clnet.runtime.engine.gpu import compute_capability
from clnet.runtime.engine.inspector import inspect
from clnet.runtime.engine.loaded import LoadedEngine
from clnet.runtime.engine.selection import choose_engine, judge_engines
from clnet.runtime.errors import BackendUnavailable, BuildFailed, ConfigError, DeviceFailed
from clnet.runtime.scanning.candidates import exact_scores
from clnet.runtime.scanning.rounding import FP32
from clnet.runtime.scanning.tensorrt_scanner import TensorRTScanner
from clnet.runtime.tensorrt_backend import TensorRTBackend

pytestmark = pytest.mark.gpu

Rows = Callable[..., NDArray[np.float32]]
MAX_K = 3840


@pytest.fixture(scope="module")
def gpu() -> Device:
    try:
        compute_capability()
        return open_device()
    except BackendUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=["tensorrt", "tensorrt-rtx"])
def bundle(
    request: pytest.FixtureRequest,
    gpu: Device,
    tiny_bundle: Bundle,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """A bundle with engines of one flavour, built for the GPU that is here."""
    del gpu
    flavour: Flavour = request.param
    if flavour not in installed_flavours():
        pytest.skip(f"{flavour} is not installed")
    folder = tmp_path_factory.mktemp("gpu") / "bundle"
    shutil.copytree(tiny_bundle.path, folder)
    try:
        build_bundle(folder, flavour, capabilities=(compute_capability(),))
    except (BuildFailed, ConfigError) as error:
        pytest.skip(f"{flavour} builds nothing for this GPU: {error}")
    return Bundle.open(folder)


def images(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(count).integers(0, 256, (count, 16, 32, 3), dtype=np.uint8)


@pytest.mark.parametrize("count", [1, 5, 8, 33, 70])
def test_an_engine_embeds_as_the_graph_does(bundle: Bundle, count: int) -> None:
    with open_backend(bundle, "ground", "onnxruntime") as reference:
        expected = reference.embed(images(count))

    with open_backend(bundle, "ground", "tensorrt") as backend:
        for _ in range(3):
            np.testing.assert_allclose(backend.embed(images(count)), expected, atol=1e-4)


def test_a_resident_batch_takes_less_by_cuda_events_than_by_the_hosts_clock(bundle: Bundle) -> None:
    with open_backend(bundle, "ground", "tensorrt") as backend:
        assert isinstance(backend, TensorRTBackend)
        run = backend.resident(images(8))
        start = time.perf_counter()
        run()
        host_s = time.perf_counter() - start

        assert 0 < run.device_s() < host_s


def test_memory_comes_back_and_no_call_takes_more(bundle: Bundle, gpu: Device) -> None:
    with open_backend(bundle, "ground", "tensorrt") as backend:
        for count in (1, 8, 32):
            backend.embed(images(count))
        held = gpu.free_bytes()
        for count in (32, 3, 40, 1):
            backend.embed(images(count))

        assert gpu.free_bytes() == held
    assert gpu.free_bytes() >= held


def test_a_tensor_of_torch_is_read_where_it_lies(bundle: Bundle) -> None:
    torch: Any = pytest.importorskip("torch", reason="torch is not installed")
    if not torch.cuda.is_available():
        pytest.skip("torch sees no GPU")
    with open_backend(bundle, "ground", "tensorrt") as backend:
        assert isinstance(backend, TensorRTBackend)
        expected = backend.embed(images(37))
        given = torch.from_numpy(backend.preprocess.tensor(images(37))).cuda()
        interface = type("Other", (), {"__cuda_array_interface__": given.__cuda_array_interface__})

        np.testing.assert_allclose(backend.embed_device(given), expected, atol=1e-4)
        np.testing.assert_allclose(backend.embed_device(interface()), expected, atol=1e-4)


def test_the_chosen_engine_is_valid_and_in_the_precision_asked_for(bundle: Bundle) -> None:
    (candidate,) = judge_engines(bundle, "ground")
    chosen = choose_engine(bundle, "ground")
    loaded = LoadedEngine(chosen.path, chosen.record.identity.flavour)

    assert candidate.reasons == ()
    assert loaded.profiles == chosen.record.profiles
    certificate = inspect(loaded.layers())
    if certificate is None:
        pytest.skip("this engine was built without details for the inspector")
    certificate.check("fp32")


@pytest.mark.parametrize("k", [1, 10, 500, MAX_K])
def test_the_search_gives_the_ids_that_the_cpu_gives(
    bundle: Bundle, unit_rows: Rows, k: int
) -> None:
    queries, gallery = unit_rows(70, seed=1), unit_rows(40_000, seed=2)
    gallery[1::2] = gallery[::2]  # every row twice: ties
    with open_matcher(bundle, "onnxruntime") as matcher:
        expected = matcher.top_k(queries, gallery, k)

    with open_matcher(bundle, "tensorrt") as matcher, matcher.hold(gallery) as held:
        found = matcher.top_k(queries, held, k)

    np.testing.assert_array_equal(found.rows, expected.rows)
    np.testing.assert_array_equal(found.scores, expected.scores)


def test_the_bound_holds_for_the_product_that_the_gpu_computes(
    bundle: Bundle, unit_rows: Rows
) -> None:
    rows = unit_rows(1000, seed=3)
    scanner = TensorRTScanner(choose_engine(bundle, "matcher"), rows.shape[1])
    queries = rows[: scanner.query_rows]

    with scanner.hold(rows) as (chunk,):
        scan = scanner.run(queries, chunk, len(rows))
        scores, found = scan.scores.copy(), scan.rows.copy()
    scanner.close()

    pairs = np.repeat(np.arange(len(queries)), len(rows))
    exact = exact_scores(queries, rows, pairs, found.ravel())
    assert np.abs(exact - scores.ravel()).max() <= FP32.bound(rows).min()


def test_more_memory_than_the_gpu_has_is_an_error_in_cudas_words(gpu: Device) -> None:
    with pytest.raises(DeviceFailed, match=r"cudaErrorMemoryAllocation|out of memory"):
        gpu.allocate(1 << 46)


@pytest.mark.parametrize("name", ["onnxruntime-cuda", "onnxruntime-tensorrt"])
def test_onnxruntime_on_the_gpu_embeds_and_finds_the_same(
    gpu: Device, tiny_bundle: Bundle, tmp_path: Path, unit_rows: Rows, name: Any
) -> None:
    del gpu
    shutil.copytree(tiny_bundle.path, tmp_path / "bundle")
    bundle = Bundle.open(tmp_path / "bundle")
    with open_backend(bundle, "ground", "onnxruntime") as reference:
        expected = reference.embed(images(40))
    with open_matcher(bundle, "onnxruntime") as matcher:
        rows = matcher.top_k(unit_rows(9), unit_rows(20_000, seed=2), 10).rows
    try:
        with open_backend(bundle, "ground", name) as backend:
            np.testing.assert_allclose(backend.embed(images(40)), expected, atol=1e-4)
        with open_matcher(bundle, name) as matcher:
            found = matcher.top_k(unit_rows(9), unit_rows(20_000, seed=2), 10).rows
    except BackendUnavailable as error:
        pytest.skip(str(error))

    np.testing.assert_array_equal(found, rows)
