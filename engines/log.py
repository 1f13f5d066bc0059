"""What TensorRT says while it parses and compiles."""

from typing import Any, TextIO


class Log:
    """Keeps errors apart; writes warnings and errors out at once, lest a crash eat them."""

    def __init__(self, module: Any, stream: TextIO) -> None:  # noqa: ANN401 - see adapter.py
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


def _logger(module: Any, log: Log) -> Any:  # noqa: ANN401
    class Logger(module.ILogger):  # type: ignore[misc]
        def __init__(self) -> None:
            module.ILogger.__init__(self)  # pybind11 objects want this, not super()

        def log(self, severity: Any, message: str) -> None:  # noqa: ANN401
            log.take(severity.name, message)

    return Logger()
