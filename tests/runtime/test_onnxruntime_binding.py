"""ONNX Runtime bound to a device: the CPU stands for a GPU."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="pip install '.[cpu]'")

from clnet.runtime.errors import BackendUnavailable
from clnet.runtime.onnxruntime_backend import CPU, OnnxRuntimeBackend
from clnet.runtime.onnxruntime_binding import MAX_BATCH, BoundBackend
from clnet.runtime.preprocess import Preprocess

GROUND = Preprocess(view="ground", height=16, width=32)
Write = Callable[..., Path]


def test_a_batch_above_the_largest_run_is_cut_and_joined(
    tmp_path: Path, write_branch: Write
) -> None:
    graph = write_branch(tmp_path / "branch.onnx")
    shape = (2 * MAX_BATCH + 3, 16, 32, 3)
    images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)

    found = BoundBackend(graph, GROUND, provider=CPU, where="cpu").embed(images)

    np.testing.assert_allclose(found, OnnxRuntimeBackend(graph, GROUND).embed(images), atol=1e-6)


def test_a_batch_that_the_device_holds_runs_into_memory_that_the_device_keeps(
    tmp_path: Path, write_branch: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = BoundBackend(write_branch(tmp_path / "a.onnx"), GROUND, provider=CPU, where="cpu")
    images = np.random.default_rng(0).integers(0, 256, (MAX_BATCH + 1, 16, 32, 3), dtype=np.uint8)
    expected, bindings = backend.embed(images), []
    session = backend._session

    class Kept:
        def io_binding(self) -> object:
            bindings.append(session.io_binding())
            return bindings[-1]

        run_with_iobinding = session.run_with_iobinding

    monkeypatch.setattr(backend, "_session", Kept())

    run = backend.resident(images)
    run()
    run()

    found = [binding.get_outputs()[0].numpy() for binding in bindings]
    np.testing.assert_array_equal(np.concatenate(found), expected)


def test_cuda_that_is_not_here_is_no_silent_fallback(tmp_path: Path, write_branch: Write) -> None:
    import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("the CUDA provider is here")

    with pytest.raises(BackendUnavailable, match="ONNX Runtime has no CUDAExecutionProvider here"):
        BoundBackend(write_branch(tmp_path / "branch.onnx"), GROUND)
