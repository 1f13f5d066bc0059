"""
ONNX Runtime's TensorRT provider: how it shall build, and where it shall keep its engines.

TF32 must be off. For this provider there is only an environment variable
(microsoft/onnxruntime#26029), which a library has no business to set for the whole process: without
it the backend refuses to start.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from .artifact import sha256_of
from .bundle import Bundle, Precision
from .errors import ArtifactError, BackendUnavailable, ExtraMissing
from .onnxruntime_binding import MAX_BATCH
from .preprocess import View

TENSORRT = "TensorrtExecutionProvider"


def tensorrt_options(bundle: Bundle, view: View, precision: Precision | None) -> dict[str, str]:
    """
    Write the provider's options for a branch, and make the folder of its engine.

    Its own cache key sees a graph's structure and not its weights (microsoft/onnxruntime#32254),
    so our two branches would collide: each gets a folder of its own, named by a hash of all that
    decides the engine. FP16 is left off: the provider then builds strongly typed (seen in
    microsoft/onnxruntime#24298), and the precision that counts is the graph's.

    Args:
        bundle: an opened bundle; the folder lies beside its engines.
        view: the branch.
        precision: which graph; None takes the manifest's default.

    Raises:
        BackendUnavailable: TF32 is not off.
        ExtraMissing: onnxruntime is not installed.
        ArtifactError: the folder cannot be made, or the bundle lacks the graph.

    """
    if os.environ.get("NVIDIA_TF32_OVERRIDE") != "0":
        raise BackendUnavailable(
            "onnxruntime-tensorrt: TF32 would round FP32 products, and only the environment can "
            "forbid it: run with NVIDIA_TF32_OVERRIDE=0"
        )
    size = bundle.preprocess(view)
    channels_last = bundle.manifest.input == "uint8"
    shape = (size.height, size.width, 3) if channels_last else (3, size.height, size.width)
    image = "x".join(map(str, shape))
    options = {
        "trt_fp16_enable": "0",
        "trt_engine_cache_enable": "1",
        "trt_profile_min_shapes": f"images:1x{image}",
        "trt_profile_opt_shapes": f"images:{MAX_BATCH}x{image}",
        "trt_profile_max_shapes": f"images:{MAX_BATCH}x{image}",
    }
    key = cache_key(bundle.graph(view, precision), view, options, _versions())
    folder = bundle.engines(view) / f"onnxruntime-{key}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArtifactError(f"cannot keep engines in {folder}: {error}") from error
    return {**options, "trt_engine_cache_path": str(folder)}


def cache_key(graph: Path, view: View, options: Mapping[str, str], versions: list[str]) -> str:
    """Hash what decides an engine: graph with weights, branch, shapes and options, versions."""
    identity = [sha256_of(graph), view, dict(options), versions]
    text = json.dumps(identity, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _versions() -> list[str]:
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise ExtraMissing("onnxruntime", "gpu") from error
    return [onnxruntime.__version__, onnxruntime.get_build_info()]
