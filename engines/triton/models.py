"""Which models a bundle gives to a server."""

from collections.abc import Sequence
from typing import Literal

from ...runtime.bundle import Bundle, Precision
from ...runtime.engine.config import BranchConfig
from ...runtime.engine.sidecar import Sidecar, engine_path, read_verified
from ...runtime.preprocess import VIEWS, View
from .model import ServedModel


def served_models(bundle: Bundle, engines: Sequence[Sidecar]) -> tuple[ServedModel, ...]:
    """
    List the models of both branches.

    `clnet_<view>` is the graph of the manifest's precision on a GPU, `clnet_<view>_cpu` the FP32
    graph on the CPU, whose half kernels are slow, and `clnet_<view>_plan` the engine.

    Args:
        bundle: an opened bundle.
        engines: records of its engines. Those of `tensorrt` become plans; Triton's backend links
            libnvinfer, which reads none of TensorRT-RTX.

    Raises:
        ArtifactError: an engine is not in the bundle, or not the one that was built.

    """
    models = []
    for view in VIEWS:
        own = [one for one in engines if one.identity.part == view]
        batches = _batches(own)
        models += [
            _graph(bundle, view, "KIND_GPU", bundle.manifest.precision, batches),
            _graph(bundle, view, "KIND_CPU", "fp32", batches),
        ]
        plans = [one for one in own if one.identity.flavour == "tensorrt"]
        models += [_plan(bundle, view, one) for one in plans]
    return tuple(models)


def _batches(engines: Sequence[Sidecar]) -> tuple[int, ...]:
    for one in engines:
        if isinstance(one.identity.config, BranchConfig):
            return one.identity.config.batches
    return BranchConfig().batches


def _graph(
    bundle: Bundle,
    view: View,
    device: Literal["KIND_GPU", "KIND_CPU"],
    precision: Precision,
    batches: tuple[int, ...],
) -> ServedModel:
    return ServedModel(
        name=f"clnet_{view}" if device == "KIND_GPU" else f"clnet_{view}_cpu",
        source=bundle.graph(view, precision),
        platform="onnxruntime_onnx",
        device=device,
        batches=batches,
        profiles=(),
        data_type=_data_type(bundle),
        dims=_dims(bundle, view),
        embedding_dim=bundle.manifest.embedding_dim,
        parameters=_parameters(bundle, view, precision),
    )


def _plan(bundle: Bundle, view: View, engine: Sidecar) -> ServedModel:
    record = read_verified(bundle.engines(view), engine.key)
    identity = record.identity
    return ServedModel(
        name=f"clnet_{view}_plan",
        source=engine_path(bundle.engines(view), record.key),
        platform="tensorrt_plan",
        device="KIND_GPU",
        batches=_batches([record]),
        profiles=tuple(str(index) for index in range(len(record.profiles))),
        data_type=_data_type(bundle),
        dims=_dims(bundle, view),
        embedding_dim=bundle.manifest.embedding_dim,
        parameters={
            **_parameters(bundle, view, identity.precision),
            "engine_key": record.key,
            "tensorrt": identity.version,
            "compute_capabilities": ",".join(record.capabilities),
        },
    )


def _data_type(bundle: Bundle) -> Literal["TYPE_FP32", "TYPE_UINT8"]:
    return "TYPE_UINT8" if bundle.manifest.input == "uint8" else "TYPE_FP32"


def _dims(bundle: Bundle, view: View) -> tuple[int, int, int]:
    size = bundle.preprocess(view)
    if bundle.manifest.input == "uint8":
        return (size.height, size.width, 3)
    return (3, size.height, size.width)


def _parameters(bundle: Bundle, view: View, precision: Precision) -> dict[str, str]:
    return {
        "embedding_space_id": bundle.manifest.embedding_space_id,
        "input": bundle.manifest.input,
        "precision": precision,
        "preprocess": bundle.preprocess(view).model_dump_json(),
        "source_checkpoint_sha256": bundle.manifest.source_checkpoint_sha256,
    }
