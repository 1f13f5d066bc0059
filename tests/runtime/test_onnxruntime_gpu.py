"""ONNX Runtime on a device: what is sent there, and where its engines are kept."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="pip install '.[cpu]'")

from clnet.runtime.errors import ArtifactError, BackendUnavailable
from clnet.runtime.onnxruntime_backend import CPU, OnnxRuntimeBackend
from clnet.runtime.onnxruntime_gpu import MAX_BATCH, BoundBackend, cache_key, tensorrt_options
from clnet.runtime.preprocess import Preprocess

GROUND = Preprocess(view="ground", height=16, width=32)
Write = Callable[..., Path]


@pytest.fixture
def no_tf32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", "0")


def test_a_batch_above_the_largest_run_is_cut_and_joined(
    tmp_path: Path, write_branch: Write
) -> None:
    graph = write_branch(tmp_path / "branch.onnx")
    shape = (2 * MAX_BATCH + 3, 16, 32, 3)
    images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)

    found = BoundBackend(graph, GROUND, provider=CPU, where="cpu").embed(images)

    np.testing.assert_allclose(found, OnnxRuntimeBackend(graph, GROUND).embed(images), atol=1e-6)


@pytest.mark.usefixtures("no_tf32")
def test_two_graphs_of_one_structure_have_two_caches(tmp_path: Path, write_branch: Write) -> None:
    graphs = [write_branch(tmp_path / f"{seed}.onnx", seed=seed) for seed in (0, 1)]

    paths = [tensorrt_options(graph, GROUND, tmp_path)["trt_engine_cache_path"] for graph in graphs]

    assert len(set(paths)) == 2
    assert all(Path(path).is_dir() and Path(path).parent == tmp_path for path in paths)


def test_the_key_changes_with_everything_that_decides_an_engine(
    tmp_path: Path, write_branch: Write
) -> None:
    graph = write_branch(tmp_path / "branch.onnx")
    options = {"trt_profile_max_shapes": "images:32x3x16x32"}
    keys = {
        cache_key(graph, "ground", options, ["1.23"]),
        cache_key(graph, "satellite", options, ["1.23"]),
        cache_key(graph, "ground", {"trt_profile_max_shapes": "images:8x3x16x32"}, ["1.23"]),
        cache_key(graph, "ground", options, ["1.24"]),
        cache_key(write_branch(tmp_path / "other.onnx", seed=1), "ground", options, ["1.23"]),
    }

    assert len(keys) == 5
    assert cache_key(graph, "ground", options, ["1.23"]) in keys


@pytest.mark.parametrize("value", [None, "1", ""])
def test_the_tensorrt_provider_is_refused_where_tf32_may_be_on(
    tmp_path: Path, write_branch: Write, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("NVIDIA_TF32_OVERRIDE", raising=False)
    if value is not None:
        monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", value)

    with pytest.raises(BackendUnavailable, match="run with NVIDIA_TF32_OVERRIDE=0"):
        tensorrt_options(write_branch(tmp_path / "branch.onnx"), GROUND, tmp_path / "engines")
    assert not (tmp_path / "engines").exists()


@pytest.mark.usefixtures("no_tf32")
def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, write_branch: Write) -> None:
    (tmp_path / "engines").write_text("in the way")

    with pytest.raises(ArtifactError, match="cannot keep engines in"):
        tensorrt_options(write_branch(tmp_path / "branch.onnx"), GROUND, tmp_path / "engines")


@pytest.mark.usefixtures("no_tf32")
def test_the_profile_takes_what_the_backend_sends(tmp_path: Path, write_branch: Write) -> None:
    options = tensorrt_options(write_branch(tmp_path / "branch.onnx"), GROUND, tmp_path)

    assert options["trt_profile_min_shapes"] == "images:1x3x16x32"
    assert options["trt_profile_max_shapes"] == f"images:{MAX_BATCH}x3x16x32"
    assert options["trt_fp16_enable"] == "0"


def test_cuda_that_is_not_here_is_no_silent_fallback(tmp_path: Path, write_branch: Write) -> None:
    import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("the CUDA provider is here")

    with pytest.raises(BackendUnavailable, match="ONNX Runtime has no CUDAExecutionProvider here"):
        BoundBackend(write_branch(tmp_path / "branch.onnx"), GROUND)
