"""Which files exist, by listing each folder once: a look-up a file is slow on network disks."""

import os
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
