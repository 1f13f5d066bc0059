"""What a model repository holds, and what it never replaces."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.engines import Sidecar
from clnet.engines.triton import describe_triton, write_triton
from clnet.engines.triton.models import served_models
from clnet.runtime import ArtifactError, Bundle, Preprocess

Build = Callable[..., list[Sidecar]]

GROUND = r"""name: "clnet_ground_plan"
platform: "tensorrt_plan"
backend: "tensorrt"
version_policy {
  latest {
    num_versions: 1
  }
}
max_batch_size: 8
input {
  name: "images"
  data_type: TYPE_FP32
  dims: [ 3, 32, 128 ]
}
output {
  name: "embeddings"
  data_type: TYPE_FP32
  dims: [ 16 ]
}
dynamic_batching {
  preferred_batch_size: [ 8 ]
  max_queue_delay_microseconds: 1000
}
instance_group {
  count: 1
  kind: KIND_GPU
  profile: [ "0", "1" ]
}
model_warmup {
  name: "batch_1"
  batch_size: 1
  inputs {
    key: "images"
    value {
      data_type: TYPE_FP32
      dims: [ 3, 32, 128 ]
      zero_data: true
    }
  }
}
model_warmup {
  name: "batch_8"
  batch_size: 8
  inputs {
    key: "images"
    value {
      data_type: TYPE_FP32
      dims: [ 3, 32, 128 ]
      zero_data: true
    }
  }
}
parameters {
  key: "embedding_space_id"
  value {
    string_value: "abababababababababababababababab"
  }
}
"""


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_plan_s_configuration_reads_as_a_person_would_write_it(
    bundle: Bundle, build: Build, tmp_path: Path
) -> None:
    write_triton(bundle, tmp_path / "models", build("tensorrt", 1, 8))

    text = (tmp_path / "models" / "clnet_ground_plan" / "config.pbtxt").read_text()

    assert text.startswith(GROUND)


def test_both_branches_are_served_on_a_gpu_on_the_cpu_and_as_plans(
    bundle: Bundle, build: Build, tmp_path: Path
) -> None:
    write_triton(bundle, tmp_path / "models", build())

    found = contents(tmp_path / "models")
    served = {name: content for name, content in found.items() if "/1/" in name}
    assert served == {
        "clnet_ground/1/model.onnx": b"ground fp16",
        "clnet_ground_cpu/1/model.onnx": b"ground fp32",
        "clnet_ground_plan/1/model.plan": b"ground plan",
        "clnet_satellite/1/model.onnx": b"satellite fp16",
        "clnet_satellite_cpu/1/model.onnx": b"satellite fp32",
        "clnet_satellite_plan/1/model.plan": b"satellite plan",
    }
    configs = {name.split("/")[0] for name in found if name.endswith("/config.pbtxt")}
    assert configs == {name.split("/")[0] for name in served}


def test_an_fp32_bundle_serves_fp32_on_a_gpu_too(
    write_bundle: Callable[..., Bundle], tmp_path: Path
) -> None:
    write_triton(write_bundle("full", "fp32"), tmp_path / "models")

    assert contents(tmp_path / "models")["clnet_ground/1/model.onnx"] == b"ground fp32"


def test_graphs_that_normalise_take_pixels_as_they_are(
    write_bundle: Callable[..., Bundle],
) -> None:
    models = served_models(write_bundle("pixels", takes="uint8"), [])

    assert {(model.name, model.data_type, model.dims) for model in models} == {
        ("clnet_ground", "TYPE_UINT8", (32, 128, 3)),
        ("clnet_ground_cpu", "TYPE_UINT8", (32, 128, 3)),
        ("clnet_satellite", "TYPE_UINT8", (64, 64, 3)),
        ("clnet_satellite_cpu", "TYPE_UINT8", (64, 64, 3)),
    }


def test_engines_of_rtx_are_left_out_and_the_remedy_is_told(
    bundle: Bundle, build: Build, tmp_path: Path
) -> None:
    report = write_triton(bundle, tmp_path / "models", build("tensorrt-rtx"))

    assert not any("plan" in name for name in report.models)
    assert "clnet-build BUNDLE --engine tensorrt --triton DIR" in describe_triton(report)


def test_graphs_take_the_batch_classes_of_the_engines(bundle: Bundle, build: Build) -> None:
    models = served_models(bundle, build("tensorrt-rtx", 1, 4))

    assert {model.batches for model in models} == {(1, 4)}


def test_one_image_is_a_batch_class_but_no_preferred_batch(
    bundle: Bundle, build: Build, tmp_path: Path
) -> None:
    write_triton(bundle, tmp_path / "models", build("tensorrt", 1))

    text = (tmp_path / "models" / "clnet_ground" / "config.pbtxt").read_text()

    assert "max_batch_size: 1\n" in text
    assert "preferred_batch_size" not in text


def test_a_client_learns_the_preprocessing_and_the_space(bundle: Bundle) -> None:
    for model in served_models(bundle, []):
        preprocess = Preprocess.model_validate_json(model.parameters["preprocess"])
        assert (3, preprocess.height, preprocess.width) == model.dims
        assert model.parameters["embedding_space_id"] == bundle.manifest.embedding_space_id


def test_a_damaged_engine_is_refused_and_nothing_is_written(
    bundle: Bundle, build: Build, tmp_path: Path
) -> None:
    records = build()
    next(bundle.engines("ground").glob("*.engine")).write_bytes(b"ground PLAN")

    with pytest.raises(ArtifactError, match=r"not the engine that was built; .*--force"):
        write_triton(bundle, tmp_path / "models", records)
    assert not (tmp_path / "models").exists()


def test_an_older_repository_gives_way(bundle: Bundle, build: Build, tmp_path: Path) -> None:
    write_triton(bundle, tmp_path / "models", build())

    write_triton(bundle, tmp_path / "models")

    assert not any("plan" in name for name in contents(tmp_path / "models"))


def test_a_folder_of_somebody_else_is_refused_untouched(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "thesis.txt").write_text("years of work")

    with pytest.raises(ArtifactError, match="no model repository that clnet wrote"):
        write_triton(bundle, tmp_path / "models")
    assert contents(tmp_path / "models") == {"thesis.txt": b"years of work"}


@pytest.mark.parametrize("name", ["ensemble/config.pbtxt", "clnet_ground/config.pbtxt"])
def test_a_repository_that_somebody_worked_on_is_refused_untouched(
    bundle: Bundle, tmp_path: Path, name: str
) -> None:
    write_triton(bundle, tmp_path / "models")
    file = tmp_path / "models" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("max_batch_size: 3\n")
    before = contents(tmp_path / "models")

    with pytest.raises(ArtifactError, match=f"holds {name}, which clnet did not write"):
        write_triton(bundle, tmp_path / "models")
    assert contents(tmp_path / "models") == before


def test_the_record_names_every_file(bundle: Bundle, tmp_path: Path) -> None:
    write_triton(bundle, tmp_path / "models")

    record = json.loads((tmp_path / "models" / "clnet.json").read_text())

    assert {*record["files"], "clnet.json"} == contents(tmp_path / "models").keys()
