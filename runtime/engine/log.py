"""What TensorRT says while an engine is loaded and run."""

from collections import deque
from typing import TYPE_CHECKING

from ..errors import DeviceFailed
from .tensorrt_api import TensorRT

if TYPE_CHECKING:
    import tensorrt as trt


class RunLog:
    """Keeps the latest errors, so that a call that fails without a word can be explained."""

    def __init__(self, module: TensorRT) -> None:
        self._errors: deque[str] = deque(maxlen=8)
        self.logger = _logger(module, self._errors)
        """The ILogger to hand to TensorRT; it must outlive runtime and engine."""

    def failed(self, operation: str) -> DeviceFailed:
        """Make the error for a call that TensorRT refused, from what it said since the last."""
        words = " | ".join(dict.fromkeys(self._errors)) or "no reason given"
        self._errors.clear()
        return DeviceFailed(operation, "TensorRT", words)


def _logger(module: TensorRT, errors: "deque[str]") -> "trt.ILogger":
    class Logger(module.ILogger):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            module.ILogger.__init__(self)  # pybind11 objects want this, not super()

        def log(self, severity: "trt.ILogger.Severity", msg: str) -> None:
            if severity.name in ("ERROR", "INTERNAL_ERROR"):
                errors.append(" ".join(msg.split()))

    return Logger()
