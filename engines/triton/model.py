"""One model as Triton serves it, and its config.pbtxt."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .text_format import Field, Message, Symbol

Platform = Literal["onnxruntime_onnx", "tensorrt_plan"]

BACKEND: dict[Platform, str] = {"onnxruntime_onnx": "onnxruntime", "tensorrt_plan": "tensorrt"}
FILE_NAME: dict[Platform, str] = {"onnxruntime_onnx": "model.onnx", "tensorrt_plan": "model.plan"}
"""What each backend looks for in a version's folder."""

MAX_QUEUE_DELAY_US = 1000
"""How long a request may wait for others, in microseconds: about what sending it took."""


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A graph or a plan, and how Triton shall run it."""

    name: str
    """The model's name, and its folder's."""

    source: Path
    """The file to serve."""

    platform: Platform
    """What runs it."""

    device: Literal["KIND_GPU", "KIND_CPU"]
    """Where an instance runs."""

    batches: tuple[int, ...]
    """Batch classes in images, rising."""

    profiles: tuple[str, ...]
    """Optimization profiles of a plan; without their names Triton would use the first alone."""

    data_type: Literal["TYPE_FP32", "TYPE_UINT8"]
    """Of the input."""

    dims: tuple[int, int, int]
    """Of the input, without the batch: [3, H, W], or [H, W, 3] for uint8."""

    embedding_dim: int
    """D, the length of one embedding."""

    parameters: Mapping[str, str]
    """What a client must know: Triton hands them out with the configuration."""


def config_of(model: ServedModel) -> Message:
    """
    Describe a model by Triton's ModelConfig.

    The class of one image is no preferred batch: Triton sends a preferred size off as soon as it
    is reached, so no request would ever wait for a second one.
    """
    images: dict[str, Field] = {"data_type": Symbol(model.data_type), "dims": model.dims}
    rows: dict[str, Field] = {"data_type": Symbol("TYPE_FP32"), "dims": (model.embedding_dim,)}
    return {
        "name": model.name,
        "platform": model.platform,
        "backend": BACKEND[model.platform],
        "version_policy": {"latest": {"num_versions": 1}},
        "max_batch_size": model.batches[-1],
        "input": [{"name": "images", **images}],
        "output": [{"name": "embeddings", **rows}],
        "dynamic_batching": {
            "preferred_batch_size": tuple(batch for batch in model.batches if batch > 1),
            "max_queue_delay_microseconds": MAX_QUEUE_DELAY_US,
        },
        "instance_group": [
            {"count": 1, "kind": Symbol(model.device), "profile": model.profiles},
        ],
        "model_warmup": [
            {
                "name": f"batch_{batch}",
                "batch_size": batch,
                "inputs": {"key": "images", "value": {**images, "zero_data": True}},
            }
            for batch in model.batches
        ],
        "parameters": [
            {"key": key, "value": {"string_value": value}}
            for key, value in model.parameters.items()
        ],
    }
