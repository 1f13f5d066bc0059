"""OpenVINO on the CPU: precision by its hint, proved on the compiled model."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .cores import usable_cores
from .errors import ArtifactError, BackendUnavailable, ExtraMissing

if TYPE_CHECKING:
    import openvino

DEVICE = "CPU"

OpenVinoPrecision = Literal["fp32", "bf16"]
"""What OpenVINO can compute in here. Its f16 hint gives bf16 on x86 without a word: no choice."""

_ELEMENTS: dict[OpenVinoPrecision, str] = {"fp32": "f32", "bf16": "bf16"}
"""OpenVINO's names."""

_PRODUCTS = frozenset({"Convolution", "Deconvolution", "FullyConnected", "MatMul"})
"""Types of layers whose arithmetic a precision decides, as the CPU's runtime model names them."""

_TELEMETRY = "openvino_telemetry"


def open_core() -> "openvino.Core":
    """
    Start OpenVINO. Call this before anything imports openvino, which then sends nothing home.

    Raises:
        ExtraMissing: it is not installed.

    """
    _import_without_telemetry()
    import openvino

    return openvino.Core()


def has_bf16(core: "openvino.Core") -> bool:
    """Tell whether OpenVINO multiplies bfloat16 on this processor; elsewhere it runs FP32."""
    return "BF16" in core.get_property(DEVICE, "OPTIMIZATION_CAPABILITIES")


def read_graph(path: Path) -> "openvino.Model":
    """
    Read an ONNX file, as ONNX and nothing else; `open_core` comes first.

    Raises:
        ArtifactError: the file is missing or no valid graph.

    """
    from openvino import frontend

    failures = (
        frontend.GeneralFailure,
        frontend.InitializationFailure,
        frontend.NotImplementedFailure,
        frontend.OpConversionFailure,
        frontend.OpValidationFailure,
        RuntimeError,
    )
    onnx = frontend.FrontEndManager().load_by_framework("onnx")
    try:
        return onnx.convert(onnx.load(str(path)))
    except failures as error:
        raise ArtifactError(f"{path}: OpenVINO cannot load it: {_last_line(error)}") from error


def compile_for_cpu(
    core: "openvino.Core",
    model: "openvino.Model",
    precision: OpenVinoPrecision,
    *,
    threads: int | None = None,
) -> "openvino.CompiledModel":
    """
    Compile a model for one request at a time, and prove the precision of its products.

    Threads are not pinned: OpenVINO would tie every process on a machine to the same cores.

    Args:
        core: from `open_core`.
        model: an FP32 model.
        precision: what its products shall run in; inputs and outputs stay as they are.
        threads: threads of one run; None takes the cores this process may use.

    Raises:
        BackendUnavailable: the processor has no bf16, or the compiled model does not run in the
            precision that was asked for.
        ArtifactError: OpenVINO cannot compile the model.

    """
    if precision == "bf16" and not has_bf16(core):
        raise BackendUnavailable(
            "this processor has no bf16 products, and OpenVINO would run fp32 instead; "
            "take --precision fp32"
        )
    properties = {
        "INFERENCE_PRECISION_HINT": _ELEMENTS[precision],
        "INFERENCE_NUM_THREADS": threads or usable_cores(),
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,
    }
    try:
        compiled = core.compile_model(model, DEVICE, properties)
    except RuntimeError as error:
        raise ArtifactError(f"OpenVINO cannot compile the model: {_last_line(error)}") from error
    _check_products(compiled, precision)
    return compiled


def product_precisions(compiled: "openvino.CompiledModel") -> Counter[str]:
    """Count the products of a compiled model by what they run in: f32, bf16, ..."""
    layers = [op.get_rt_info() for op in compiled.get_runtime_model().get_ops()]
    return Counter(
        str(layer["runtimePrecision"].astype(str))
        for layer in layers
        if layer["layerType"].astype(str) in _PRODUCTS
    )


def _check_products(compiled: "openvino.CompiledModel", precision: OpenVinoPrecision) -> None:
    found, wanted = product_precisions(compiled), _ELEMENTS[precision]
    nothing_to_prove = precision == "fp32" and not found
    if set(found) != {wanted} and not nothing_to_prove:
        counted = ", ".join(f"{count} in {name}" for name, count in sorted(found.items()))
        raise BackendUnavailable(
            f"expected every matrix product and convolution in {wanted}, OpenVINO compiled "
            f"{counted or 'none'}; take the backend onnxruntime"
        )


def _import_without_telemetry() -> None:
    """
    Import openvino as where its telemetry package is not installed, a case that it provides for.

    Otherwise its import writes to the home folder and reports itself to an analytics server.
    """
    if sys.modules.get("openvino") is not None:
        return
    hides = _TELEMETRY not in sys.modules
    if hides:
        sys.modules[_TELEMETRY] = None  # type: ignore[assignment]
    try:
        import openvino  # noqa: F401
    except ModuleNotFoundError as error:
        raise ExtraMissing("openvino", "openvino") from error
    finally:
        if hides:
            del sys.modules[_TELEMETRY]


def _last_line(error: BaseException) -> str:
    """Take what OpenVINO's error says: the lines before the last name places in its source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
