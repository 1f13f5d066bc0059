"""What TensorRT says while it parses and compiles."""

from typing import TextIO

from ..runtime.engine.log import logger_of
from ..runtime.engine.tensorrt_api import TensorRT


class Log:
    """Keeps errors apart; writes warnings and errors out at once, lest a crash eat them."""

    def __init__(self, module: TensorRT, stream: TextIO) -> None:
        self.errors: list[str] = []
        """Errors since the list was last cleared, one line each."""
        self._lines: list[str] = []
        self._stream = stream
        self.logger = logger_of(module, self.take)
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
