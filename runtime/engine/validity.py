"""What TensorRT-RTX itself says of an engine's header, before it is loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .log import RunLog


@dataclass(frozen=True, slots=True)
class Validity:
    """RTX's verdict."""

    suboptimal: bool
    """It runs, but would run faster if it were built again here."""

    reasons: tuple[str, ...]
    """Why it does not run; empty if it does, or if RTX could not tell for want of a driver."""


def ask_rtx(module: Any, path: Path, *, has_gpu: bool) -> Validity:  # noqa: ANN401
    """
    Let TensorRT-RTX judge an engine by its header.

    Args:
        module: `tensorrt_rtx`.
        path: the engine's file.
        has_gpu: without a GPU, RTX calls every sound header invalid and gives no diagnosis
            (measured with 1.7.1): that is no reason of the engine's.

    """
    log = RunLog(module)
    runtime = module.Runtime(log.logger)
    with path.open("rb") as stream:
        header = stream.read(runtime.engine_header_size)
    verdict, flags = runtime.get_engine_validity(header)
    if verdict == module.EngineValidity.VALID:
        return Validity(suboptimal=False, reasons=())
    if verdict == module.EngineValidity.SUBOPTIMAL:
        return Validity(suboptimal=True, reasons=())
    named = _names(module.EngineInvalidityDiagnostics, int(flags))
    if not named and has_gpu:
        named = ["no diagnosis given"]
    return Validity(False, tuple(f"TensorRT-RTX finds it invalid: {name}" for name in named))


def _names(diagnostics: Any, flags: int) -> list[str]:  # noqa: ANN401 - an enum of bits
    members = diagnostics.__members__.items()
    return [name.lower().replace("_", " ") for name, bit in members if flags & int(bit)]
