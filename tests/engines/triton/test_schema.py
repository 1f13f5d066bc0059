"""Every config.pbtxt against the schema that NVIDIA ships with Triton's own client."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clnet.engines import Sidecar
from clnet.engines.triton import write_triton
from clnet.runtime import Bundle
from clnet.runtime.preprocess import VIEWS

pytestmark = pytest.mark.slow

PARSE = """
import json, pathlib, sys
from google.protobuf import json_format, text_format
from tritonclient.grpc import model_config_pb2
configs = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*/config.pbtxt")):
    message = text_format.Parse(path.read_text(), model_config_pb2.ModelConfig())
    configs[path.parent.name] = json_format.MessageToDict(message, preserving_proto_field_name=True)
print(json.dumps(configs))
"""


@pytest.fixture(scope="module")
def client() -> Iterator[Path]:
    """The interpreter of an environment of its own: tritonclient pins protobuf."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "-q", "tritonclient[grpc]"]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            pytest.skip(f"pip cannot install tritonclient[grpc]: {last}")
        yield python


@pytest.fixture
def configs(
    client: Path, bundle: Bundle, build: Callable[..., list[Sidecar]], tmp_path: Path
) -> dict[str, Any]:
    write_triton(bundle, tmp_path / "models", build("tensorrt", 1, 8, 32))
    done = subprocess.run(
        [client, "-c", PARSE, tmp_path / "models"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    configs: dict[str, Any] = json.loads(done.stdout)
    return configs


def test_the_schema_accepts_every_model_and_reads_what_the_bundle_says(
    configs: dict[str, Any], bundle: Bundle
) -> None:
    assert len(configs) == 6
    for view in VIEWS:
        size = bundle.preprocess(view)
        for kind in ("", "_cpu", "_plan"):
            config = configs[f"clnet_{view}{kind}"]
            (images,), (embeddings,) = config["input"], config["output"]
            assert config["name"] == f"clnet_{view}{kind}"
            assert images["dims"] == ["3", str(size.height), str(size.width)]
            assert images["data_type"] == embeddings["data_type"] == "TYPE_FP32"
            assert embeddings["dims"] == [str(bundle.manifest.embedding_dim)]
            assert config["max_batch_size"] == 32
            assert config["dynamic_batching"]["preferred_batch_size"] == [8, 32]
            assert [one["batch_size"] for one in config["model_warmup"]] == [1, 8, 32]
            told = config["parameters"]["preprocess"]["string_value"]
            assert json.loads(told) == json.loads(size.model_dump_json())


def test_the_schema_tells_graphs_from_plans_and_gpu_from_cpu(configs: dict[str, Any]) -> None:
    kinds = {
        name: (config["platform"], config["instance_group"][0]["kind"])
        for name, config in configs.items()
        if "ground" in name
    }

    assert kinds == {
        "clnet_ground": ("onnxruntime_onnx", "KIND_GPU"),
        "clnet_ground_cpu": ("onnxruntime_onnx", "KIND_CPU"),
        "clnet_ground_plan": ("tensorrt_plan", "KIND_GPU"),
    }
    assert configs["clnet_ground_plan"]["instance_group"][0]["profile"] == ["0", "1", "2"]
