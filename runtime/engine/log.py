"""What TensorRT says while an engine is loaded and run."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import DeviceFailed
from .tensorrt_api import TensorRT

if TYPE_CHECKING:
    import tensorrt as trt


class RunLog:
    """Keeps the latest errors, so that a call that fails without a word can be explained."""

    def __init__(self, module: TensorRT) -> None:
        self._errors: deque[str] = deque(maxlen=8)
        self.logger = logger_of(module, self._take)
        """The ILogger to hand to TensorRT; it must outlive runtime and engine."""

    def _take(self, severity: str, message: str) -> None:
        if severity in ("ERROR", "INTERNAL_ERROR"):
            self._errors.append(" ".join(message.split()))

    def failed(self, operation: str) -> DeviceFailed:
        """Make the error for a call that TensorRT refused, from what it said since the last."""
        words = " | ".join(dict.fromkeys(self._errors)) or "no reason given"
        self._errors.clear()
        return DeviceFailed(operation, "TensorRT", words)


def logger_of(module: TensorRT, take: Callable[[str, str], None]) -> "trt.ILogger":
    """
    Make a logger of either flavour.

    Args:
        module: the flavour.
        take: given the name of each message's level, and the message.

    """

    class Logger(module.ILogger):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            module.ILogger.__init__(self)  # pybind11 objects want this, not super()

        def log(self, severity: "trt.ILogger.Severity", msg: str) -> None:
            take(severity.name, msg)

    return Logger()
