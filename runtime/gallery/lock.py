"""Locks in a gallery's folder: one writer, and readers whose files must stay."""

import fcntl
import io
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from ..errors import ArtifactError

LOCK = ".lock"
"""Held by the writer; it says who that is. A process that dies lets go of it."""

READERS = ".readers"
"""Shared by all readers. Whoever has it alone may delete what an old version needs."""


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """
    Be the only writer of a folder, which is made if it is not there.

    Raises:
        ArtifactError: the folder cannot be written, or another process writes.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / READERS).touch()
        stream = (folder / LOCK).open("ab+", buffering=0)
    except OSError as error:
        raise ArtifactError(f"cannot write {folder}: {error.strerror or error}") from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read(200).decode(errors="replace") or "unknown"
            raise ArtifactError(
                f"another process is writing to {folder}: wait for it, or end it ({holder})"
            ) from error
        except OSError as error:
            raise ArtifactError(
                f"cannot lock {folder}: {error.strerror or error}; its file system has no flock"
            ) from error
        _sign(folder, stream)
        yield


def _sign(folder: Path, stream: io.RawIOBase) -> None:
    try:
        stream.truncate(0)
        stream.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
    except OSError as error:
        raise ArtifactError(f"cannot write {folder}: {error.strerror or error}") from error


def writing(folder: Path | None) -> AbstractContextManager[None]:
    """Be the only writer of a folder; object storage (None) has no lock to take."""
    return nullcontext() if folder is None else one_writer(folder)


def hold_for_reading(folder: Path) -> int | None:
    """
    Keep the files of the version that is newest now.

    Returns:
        A file descriptor: the files stay until it is closed. None where the folder was not made
        by a writer of ours: then nobody deletes.

    """
    try:
        descriptor = os.open(folder / READERS, os.O_RDONLY)
    except OSError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_SH)  # waits while an old version is being deleted
    return descriptor


@contextmanager
def no_reader(folder: Path) -> Iterator[bool]:
    """Tell whether nobody reads, and keep it so until the block ends."""
    with (folder / READERS).open() as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
