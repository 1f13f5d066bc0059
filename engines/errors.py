"""What can go wrong between a good graph and an engine."""

from ..runtime.errors import ClnetError


class BuildFailed(ClnetError):
    """The compiler refused the graph, ran out of memory, crashed or was killed."""

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log
        """Everything the compiler said at warning level and above; may be empty."""
