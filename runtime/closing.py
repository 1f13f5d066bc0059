"""Objects that own something for a while: `with` closes them."""

from types import TracebackType

from typing_extensions import Self


class Closing:
    """A context manager that calls `close` at its end."""

    def close(self) -> None:
        """Give back what is held; here nothing that does not go with the object."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """See `close`."""
        self.close()
