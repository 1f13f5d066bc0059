"""
Which files and folders exist; one that may not be looked at is an error, not an absent one.

Images are found by listing each folder once: a look-up a file is slow on network disks.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from ..errors import DataError


class Folders:
    """Remembers what it listed; make a new one to see what was written since."""

    def __init__(self) -> None:
        self._files: dict[str, frozenset[str]] = {}

    def files(self, folder: Path) -> frozenset[str]:
        """
        List the files of a folder; a folder that does not exist has none.

        Raises:
            DataError: it may not be listed.

        """
        listed = self._files.get(str(folder))
        if listed is None:
            listed = self._files[str(folder)] = _listed(folder)
        return listed

    def holds(self, path: Path) -> bool:
        """Tell whether a file exists."""
        folder, _, name = str(path).rpartition("/")
        listed = self._files.get(folder)
        return name in (self.files(path.parent) if listed is None else listed)


def is_file(path: Path) -> bool:
    """
    Tell whether a single file exists.

    Raises:
        DataError: its folder may not be searched.

    """
    return _is(path, stat.S_ISREG)


def is_folder(path: Path) -> bool:
    """
    Tell whether a folder exists.

    Raises:
        DataError: the folder that it lies in may not be searched.

    """
    return _is(path, stat.S_ISDIR)


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    try:
        return kind(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise DataError(f"cannot look for {path}: {error.strerror or error}") from error


def _listed(folder: Path) -> frozenset[str]:
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries if entry.is_file())
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError as error:
        raise DataError(f"cannot list {folder}: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the name
        raise DataError(f"cannot list {str(folder)!r}: {error}") from error
