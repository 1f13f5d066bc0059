import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clnet.runtime.backends import open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.errors import ArtifactError, BackendUnavailable, ConfigError, ExtraMissing
from clnet.runtime.onnxruntime_backend import OnnxRuntimeBackend
from clnet.runtime.preprocess import Preprocess

GROUND = Preprocess(view="ground", height=16, width=32)

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _needs_onnxruntime() -> None:
    pytest.importorskip("onnxruntime", reason="pip install '.[cpu]'")


def test_the_backend_normalises_as_the_preprocessing_says(
    tmp_path: Path, write_branch: Write
) -> None:
    import onnxruntime

    path = write_branch(tmp_path / "branch.onnx")
    images = np.random.default_rng(0).integers(0, 256, (3, 16, 32, 3), dtype=np.uint8)

    embeddings = OnnxRuntimeBackend(path, GROUND, threads=1).embed(images)

    session = onnxruntime.InferenceSession(path)
    expected = session.run(None, {"images": GROUND.tensor(images)})[0]
    np.testing.assert_allclose(embeddings, expected, atol=1e-6)


@pytest.mark.parametrize("data", [None, b"", b"not a graph"])
def test_a_missing_or_foreign_file_is_named(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "torn.onnx"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(ArtifactError, match=r"torn\.onnx: ONNX Runtime cannot load it: "):
        OnnxRuntimeBackend(path, GROUND)


def test_a_provider_that_is_not_here_is_no_silent_fallback(
    tmp_path: Path, write_branch: Write
) -> None:
    path = write_branch(tmp_path / "branch.onnx")

    with pytest.raises(BackendUnavailable, match="ONNX Runtime has no NoSuchProvider here"):
        OnnxRuntimeBackend(path, GROUND, providers=["NoSuchProvider"])


def test_without_onnxruntime_its_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    with pytest.raises(ExtraMissing, match=r"pip install '\.\[cpu\]'"):
        OnnxRuntimeBackend(tmp_path / "branch.onnx", GROUND)


def test_a_backend_of_another_name_is_refused(tiny_bundle: Bundle) -> None:
    with pytest.raises(ConfigError, match="no backend is called 'caffe'; expected onnxruntime"):
        open_backend(tiny_bundle, "ground", "caffe")  # type: ignore[arg-type]


def test_a_precision_that_was_not_exported_is_refused(tiny_bundle: Bundle) -> None:
    with pytest.raises(ArtifactError, match=r"holds no ground/model\.fp16\.onnx"):
        open_backend(tiny_bundle, "ground", precision="fp16")


def test_a_manifest_of_another_dimension_is_refused(tiny_bundle: Bundle) -> None:
    manifest = tiny_bundle.manifest.model_copy(update={"embedding_dim": 99})

    with pytest.raises(ArtifactError, match="gives 16 numbers, the manifest says 99"):
        open_backend(Bundle(tiny_bundle.path, manifest), "ground")
