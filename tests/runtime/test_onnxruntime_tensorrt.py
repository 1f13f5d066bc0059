"""Where ONNX Runtime's TensorRT provider keeps its engines, and when it is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime", reason="pip install '.[cpu]'")

from clnet.runtime.bundle import Bundle
from clnet.runtime.errors import ArtifactError, BackendUnavailable
from clnet.runtime.onnxruntime_binding import MAX_BATCH
from clnet.runtime.onnxruntime_tensorrt import cache_key, tensorrt_options

Write = Callable[..., Path]


@pytest.fixture
def bundle(write_bundle: Write, tmp_path: Path) -> Bundle:
    return Bundle.open(write_bundle(tmp_path / "bundle"))


@pytest.fixture
def no_tf32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", "0")


@pytest.mark.usefixtures("no_tf32")
def test_each_branch_has_a_folder_of_its_own_beside_its_engines(bundle: Bundle) -> None:
    folder = Path(tensorrt_options(bundle, "ground", "fp32")["trt_engine_cache_path"])

    assert folder.is_dir()
    assert folder.parent == bundle.engines("ground")


def test_the_key_changes_with_everything_that_decides_an_engine(
    tmp_path: Path, write_branch: Write
) -> None:
    graph = write_branch(tmp_path / "branch.onnx")
    same_structure = write_branch(tmp_path / "other.onnx", seed=1)
    options = {"trt_profile_max_shapes": "images:32x3x16x32"}
    keys = [
        cache_key(graph, "ground", options, ["1.23"]),
        cache_key(same_structure, "ground", options, ["1.23"]),
        cache_key(graph, "satellite", options, ["1.23"]),
        cache_key(graph, "ground", {"trt_profile_max_shapes": "images:8x3x16x32"}, ["1.23"]),
        cache_key(graph, "ground", options, ["1.24"]),
    ]

    assert len(set(keys)) == 5
    assert cache_key(graph, "ground", options, ["1.23"]) == keys[0]


@pytest.mark.parametrize("value", [None, "1", ""])
def test_the_provider_is_refused_where_tf32_may_be_on(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("NVIDIA_TF32_OVERRIDE", raising=False)
    if value is not None:
        monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", value)

    with pytest.raises(BackendUnavailable, match="run with NVIDIA_TF32_OVERRIDE=0"):
        tensorrt_options(bundle, "ground", "fp32")
    assert not bundle.engines("ground").exists()


@pytest.mark.usefixtures("no_tf32")
def test_a_folder_that_cannot_be_made_is_an_error(bundle: Bundle) -> None:
    bundle.engines("ground").write_text("in the way")

    with pytest.raises(ArtifactError, match="cannot keep engines in"):
        tensorrt_options(bundle, "ground", "fp32")


@pytest.mark.usefixtures("no_tf32")
@pytest.mark.parametrize(("given", "image"), [("float32", "3x16x32"), ("uint8", "16x32x3")])
def test_the_profile_takes_what_the_backend_sends(bundle: Bundle, given: str, image: str) -> None:
    manifest = bundle.manifest.model_copy(update={"input": given})

    options = tensorrt_options(Bundle(bundle.path, manifest), "ground", "fp32")

    assert options["trt_profile_min_shapes"] == f"images:1x{image}"
    assert options["trt_profile_max_shapes"] == f"images:{MAX_BATCH}x{image}"
    assert options["trt_fp16_enable"] == "0"
