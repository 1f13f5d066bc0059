"""`failed.jsonl`: which images a run could not read, and why."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from typing_extensions import Self

from .artifact import Artifact
from .embedder import Failure
from .errors import ArtifactError

FAILED = "failed.jsonl"
"""The file's name in a gallery's folder."""


class FailedItem(Artifact):
    """One line of the file."""

    id: str
    """The item's id."""

    path: str
    """Where the picture should be, as the gallery would have kept it."""

    reason: str
    """One line that names the file, what was expected and what came."""


class FailedList:
    """
    Lists what the last run could not read. A context manager.

    The list of the run before stays until this one fails to read something, and goes when this
    one ends with nothing to list. Each line is written at once, so that a kill leaves whole
    lines; a run that was stopped leaves what it had met.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        """
        Make sure that the file can be written, before there is much to lose.

        Raises:
            ArtifactError: it cannot.

        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.open("ab").close()
        except OSError as error:
            raise self._refused(error) from error
        return self

    def add(self, failures: Iterable[Failure]) -> None:
        """
        Write a line each.

        Raises:
            ArtifactError: the disk refused.

        """
        try:
            for failure in failures:
                if self._stream is None:
                    self._stream = self.path.open("wb")
                self._stream.write(_line(failure))
                self._stream.flush()
        except OSError as error:
            raise self._refused(error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            with suppress(OSError):  # lines are written already; what was refused was raised
                self._stream.close()
        elif error is None and self.path.is_file() and not self.path.is_symlink():
            self.path.unlink()  # a file of ours, not /dev/null

    def _refused(self, error: OSError) -> ArtifactError:
        return ArtifactError(
            f"cannot write {self.path}, the list of unreadable images: {error.strerror or error}"
        )


def _line(failure: Failure) -> bytes:
    item = FailedItem(id=failure.item.id, path=failure.item.locator, reason=failure.reason)
    return item.model_dump_json().encode() + b"\n"
