"""What TensorRT says while it parses and compiles."""

from typing import TYPE_CHECKING, TextIO

from ..runtime.engine.tensorrt_api import TensorRT

if TYPE_CHECKING:
    import tensorrt as trt


class Log:
    """Keeps errors apart; writes warnings and errors out at once, lest a crash eat them."""

    def __init__(self, module: TensorRT, stream: TextIO) -> None:
        self.errors: list[str] = []
        """Errors since the list was last cleared, one line each."""
        self._lines: list[str] = []
        self._stream = stream
        self.logger = _logger(module, self)
        """The ILogger to hand to TensorRT; it must outlive builder, parser and network."""

    def text(self) -> str:
        """Return everything at warning level and above, one message a line."""
        return "\n".join(self._lines)

    def take(self, severity: str, message: str) -> None:
        """Keep one message; `severity` is TensorRT's name of the level."""
        if severity not in ("WARNING", "ERROR", "INTERNAL_ERROR"):
            return
        line = " ".join(message.split())
        self._lines.append(f"{severity}: {line}")
        self._stream.write(f"{severity}: {line}\n")
        self._stream.flush()
        if severity != "WARNING":
            self.errors.append(line)


def _logger(module: TensorRT, log: Log) -> "trt.ILogger":
    class Logger(module.ILogger):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            module.ILogger.__init__(self)  # pybind11 objects want this, not super()

        def log(self, severity: "trt.ILogger.Severity", msg: str) -> None:
            log.take(severity.name, msg)

    return Logger()
